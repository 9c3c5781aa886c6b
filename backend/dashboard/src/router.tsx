/** Addresses and who may be where. Owns the steps between log-in, set-up and the pages. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  stripSearchParams,
  useNavigate,
} from "@tanstack/react-router";
import { api } from "./api/client";
import { ApiError } from "./api/problem";
import { type LiveSearch, readView } from "./pages/live/address";
import { Crash, Missing, Starting } from "./pages/Trouble";
import { meQuery, safeTarget } from "./session";

const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: Missing,
  errorComponent: ({ error }) => <Crash error={error} />,
});

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/live", replace: true });
  },
});

interface LoginSearch {
  /** Where the person wanted to go. */
  to?: string;
  note?: "ended" | "created";
}

/** Whether the server needs its first organization. Not knowing is no reason to keep people out. */
async function setupStatus(): Promise<{ needed: boolean; codeRequired: boolean }> {
  try {
    const status = await api.setupStatus();
    return { needed: status.needed, codeRequired: status.code_required };
  } catch {
    return { needed: false, codeRequired: false };
  }
}

export const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): LoginSearch => ({
    ...(typeof search.to === "string" ? { to: search.to } : {}),
    ...(search.note === "ended" || search.note === "created" ? { note: search.note } : {}),
  }),
  beforeLoad: async () => {
    if ((await setupStatus()).needed) throw redirect({ to: "/setup", replace: true });
  },
  component: lazyRouteComponent(() => import("./pages/LoginRoute"), "LoginRoute"),
});

export const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  beforeLoad: async () => {
    const status = await setupStatus();
    if (!status.needed) throw redirect({ to: "/login", replace: true });
    return { codeRequired: status.codeRequired };
  },
  component: lazyRouteComponent(() => import("./pages/SetupRoute"), "SetupRoute"),
});

/** Everything behind the log-in. */
export const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "inside",
  beforeLoad: async ({ context, location }) => {
    // Asked for together with the person, not after: nearly everybody gets in.
    void import("./shell/InsideRoute");
    void import("./pages/live/LiveRoute");
    try {
      return { me: await context.queries.ensureQueryData(meQuery) };
    } catch (error) {
      if (error instanceof ApiError && error.needsLogin) {
        const to = safeTarget(location.href);
        throw redirect({ to: "/login", search: to === "/live" ? {} : { to }, replace: true });
      }
      throw error;
    }
  },
  component: lazyRouteComponent(() => import("./shell/InsideRoute"), "InsideRoute"),
});

export const liveRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/live",
  validateSearch: (search: Record<string, unknown>): LiveSearch => readView(search),
  search: { middlewares: [stripSearchParams({ q: "", status: [], sort: "attention" })] },
  component: lazyRouteComponent(() => import("./pages/live/LiveRoute"), "LiveRoute"),
});

const routeTree = rootRoute.addChildren([
  indexRoute,
  loginRoute,
  setupRoute,
  insideRoute.addChildren([liveRoute]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    defaultPendingComponent: Starting,
    defaultPendingMs: 400,
    defaultPendingMinMs: 0,
    scrollRestoration: false,
  });
}

/** Leaves everything behind the log-in, and forgets what was seen there. */
export function useLeave(queries: QueryClient): (note: "ended" | "chosen") => void {
  const navigate = useNavigate();
  return (note) => {
    const here = safeTarget(window.location.pathname + window.location.search);
    queries.clear();
    void navigate({
      to: "/login",
      search: note === "chosen" ? {} : { note: "ended", ...(here === "/live" ? {} : { to: here }) },
    });
  };
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
