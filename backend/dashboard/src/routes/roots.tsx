/** What every address hangs below: the root, the log-in that lies before it, and the roles' gates. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  notFound,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { ApiError } from "../api/problem";
import type { Me, Role } from "../api/types";
import { Crash, Missing, NotForYou } from "../pages/Trouble";
import { meQuery, safeTarget } from "../session";
import { lazyPage } from "./lazyPage";

export const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: Missing,
  errorComponent: ({ error }) => <Crash error={error} />,
});

/** Everything behind the log-in. */
export const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "inside",
  beforeLoad: async ({ context, location }) => {
    // Asked for together with the person, not after: nearly everybody gets in.
    void import("../shell/InsideRoute");
    if (location.pathname === "/" || location.pathname === "/live") {
      void import("../pages/live/LiveRoute");
    }
    try {
      return { me: await context.queries.ensureQueryData(meQuery) };
    } catch (error) {
      if (error instanceof ApiError && error.needsLogin) {
        const to = safeTarget(location.href);
        throw redirect({ to: "/login", search: to === "/" ? {} : { to }, replace: true });
      }
      throw error;
    }
  },
  component: lazyPage(() => import("../shell/InsideRoute"), "InsideRoute"),
});

/** What only these roles open. The server decides; this only spares a page that it would refuse. */
function onlyFor(id: string, roles: readonly Role[]) {
  return {
    getParentRoute: () => insideRoute,
    id,
    beforeLoad: ({ context }: { context: { me: Me } }) => {
      if (!roles.includes(context.me.role)) throw notFound();
    },
    notFoundComponent: NotForYou,
  };
}

export const managersRoute = createRoute(onlyFor("managers", ["admin", "manager"]));
export const adminsRoute = createRoute(onlyFor("admins", ["admin"]));

/** A calendar day in an address. */
export const isDay = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);
