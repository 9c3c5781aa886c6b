/** Fetches the scripts of the pages that a role can open while nothing else is to do. */
import type { Role } from "../api/types";
import type { LazyPage } from "./lazyPage";

/** What of a route is looked at here. */
interface Place {
  id: string;
  parentRoute?: unknown;
  options: { component?: unknown };
}

const GATES: Readonly<Record<string, readonly Role[]>> = {
  managers: ["admin", "manager"],
  admins: ["admin"],
};

/** Whether a route lies behind the log-in and behind no gate that is closed to the role. */
export function opensTo(route: Place, role: Role): boolean {
  const gates = route.id.split("/");
  return (
    gates.includes("inside") &&
    Object.entries(GATES).every(([gate, roles]) => !gates.includes(gate) || roles.includes(role))
  );
}

function isLazy(component: unknown): component is LazyPage {
  return typeof component === "function" && "fetch" in component;
}

/**
 * One after the other, so that what somebody does goes first. Stops where the network is gone or
 * is to be spared; what is missing then is loaded when its page is opened. Says whether all are here.
 */
export async function fetchPages(
  routes: readonly Place[],
  role: Role,
  idle: () => Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  for (const route of routes) {
    const { component } = route.options;
    if (!isLazy(component) || !opensTo(route, role)) continue;
    await idle();
    if (signal.aborted || !navigator.onLine || sparing()) return false;
    await component.fetch();
  }
  return true;
}

/** Somebody pays for each byte, and said so. */
function sparing(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

/** When the browser has nothing to do. */
export function whenIdle(): Promise<void> {
  return new Promise((go) => {
    if ("requestIdleCallback" in window) window.requestIdleCallback(() => go());
    else setTimeout(go, 200);
  });
}
