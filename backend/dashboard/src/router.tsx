/** Addresses and who may be where. Owns the steps between log-in, set-up and the pages. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
  stripSearchParams,
  useNavigate,
} from "@tanstack/react-router";
import { api } from "./api/client";
import { ApiError } from "./api/problem";
import type { AuditFilter } from "./api/settings";
import type { Me, Role } from "./api/types";
import { type LiveSearch, readView } from "./pages/live/address";
import { type ReportSearch, readReport } from "./pages/reports/address";
import { Crash, Missing, NotForYou, Starting } from "./pages/Trouble";
import { meQuery, safeTarget } from "./session";
import { readSpan } from "./weeks/address";

const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: Missing,
  errorComponent: ({ error }) => <Crash error={error} />,
});

type Note = "ended" | "created" | "joined";
const NOTES: readonly unknown[] = ["ended", "created", "joined"];

interface LoginSearch {
  /** Where the person wanted to go. */
  to?: string;
  note?: Note;
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
    ...(NOTES.includes(search.note) ? { note: search.note as Note } : {}),
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

/** Reached by a link whose secret `secret.ts` has taken out of the address, or by hand. */
export const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/join",
  validateSearch: (search: Record<string, unknown>): { organization?: string } =>
    typeof search.organization === "string" ? { organization: search.organization } : {},
  component: lazyRouteComponent(() => import("./pages/joining/JoinRoute"), "JoinRoute"),
});

const resetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/reset",
  component: lazyRouteComponent(() => import("./pages/joining/ResetRoute"), "ResetRoute"),
});

const forgotRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/forgot",
  component: lazyRouteComponent(() => import("./pages/joining/ForgotRoute"), "ForgotRoute"),
});

/** Everything behind the log-in. */
export const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "inside",
  beforeLoad: async ({ context, location }) => {
    // Asked for together with the person, not after: nearly everybody gets in.
    void import("./shell/InsideRoute");
    if (location.pathname === "/" || location.pathname === "/live") {
      void import("./pages/live/LiveRoute");
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
  component: lazyRouteComponent(() => import("./shell/InsideRoute"), "InsideRoute"),
});

/** Where everybody begins: managers at their people, an employee at themself. */
const indexRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/",
  beforeLoad: ({ context }) => {
    throw redirect({ to: context.me.role === "employee" ? "/me" : "/live", replace: true });
  },
});

export const liveRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/live",
  validateSearch: (search: Record<string, unknown>): LiveSearch => readView(search),
  search: {
    middlewares: [
      stripSearchParams({ q: "", status: [], sort: "attention", group: "none", look: "rows" }),
    ],
  },
  component: lazyRouteComponent(() => import("./pages/live/LiveRoute"), "LiveRoute"),
});

/** A calendar day in an address. */
const day = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);

export const myDayRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/me",
  validateSearch: (search: Record<string, unknown>): { date?: string } =>
    day(search.date) ? { date: search.date } : {},
  component: lazyRouteComponent(() => import("./pages/me/routes"), "DayRoute"),
});

export const myWeeksRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/me/weeks",
  validateSearch: readSpan,
  component: lazyRouteComponent(() => import("./pages/me/routes"), "WeeksRoute"),
});

const myPrivacyRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/me/privacy",
  component: lazyRouteComponent(() => import("./pages/me/routes"), "PrivacyRoute"),
});

const myLooksRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/me/looks",
  component: lazyRouteComponent(() => import("./pages/me/routes"), "LooksRoute"),
});

const myAccountRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/me/account",
  component: lazyRouteComponent(() => import("./pages/me/routes"), "AccountRoute"),
});

const projectsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/projects",
  component: lazyRouteComponent(() => import("./pages/groups/routes"), "ProjectsRoute"),
});

export const projectRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/projects/$id",
  component: lazyRouteComponent(() => import("./pages/groups/routes"), "ProjectRoute"),
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

const managersRoute = createRoute(onlyFor("managers", ["admin", "manager"]));
const adminsRoute = createRoute(onlyFor("admins", ["admin"]));

const peopleRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people",
  component: lazyRouteComponent(() => import("./pages/people/routes"), "PeopleRoute"),
});

export const personRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/$id",
  component: lazyRouteComponent(() => import("./pages/people/routes"), "PersonRoute"),
});

export const personDayRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/$id/day",
  validateSearch: (search: Record<string, unknown>): { date?: string } =>
    day(search.date) ? { date: search.date } : {},
  component: lazyRouteComponent(() => import("./pages/people/routes"), "PersonDayRoute"),
});

export const personWeeksRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/$id/weeks",
  validateSearch: readSpan,
  component: lazyRouteComponent(() => import("./pages/people/routes"), "PersonWeeksRoute"),
});

export const reportsRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/reports",
  validateSearch: (search: Record<string, unknown>): ReportSearch => readReport(search),
  component: lazyRouteComponent(() => import("./pages/reports/routes"), "ReportsRoute"),
});

export const attendanceRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/reports/attendance",
  validateSearch: (search: Record<string, unknown>): ReportSearch => readReport(search),
  component: lazyRouteComponent(() => import("./pages/reports/routes"), "AttendanceRoute"),
});

export const completenessRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/reports/completeness",
  validateSearch: (search: Record<string, unknown>): ReportSearch => readReport(search),
  component: lazyRouteComponent(() => import("./pages/reports/routes"), "CompletenessRoute"),
});

const teamsRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/teams",
  component: lazyRouteComponent(() => import("./pages/groups/routes"), "TeamsRoute"),
});

export const teamRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/teams/$id",
  component: lazyRouteComponent(() => import("./pages/groups/routes"), "TeamRoute"),
});

export const teamPolicyRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/people/teams/$id/policy",
  component: lazyRouteComponent(() => import("./pages/groups/routes"), "TeamPolicyRoute"),
});

const invitationsRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/people/invitations",
  component: lazyRouteComponent(() => import("./pages/people/routes"), "InvitationsRoute"),
});

export const devicesRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/devices",
  validateSearch: (search: Record<string, unknown>): { show?: "pending" | "silent" } =>
    search.show === "pending" || search.show === "silent" ? { show: search.show } : {},
  component: lazyRouteComponent(() => import("./pages/devices/routes"), "DevicesRoute"),
});

const tokensRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/people/enrolment",
  component: lazyRouteComponent(() => import("./pages/devices/routes"), "TokensRoute"),
});

const startRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/start",
  component: lazyRouteComponent(() => import("./pages/start/StartRoute"), "StartRoute"),
});

const organizationRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings/routes"), "OrganizationRoute"),
});

const policyRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/settings/policy",
  component: lazyRouteComponent(() => import("./pages/settings/routes"), "PolicyRoute"),
});

export const auditRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/settings/audit",
  validateSearch: (search: Record<string, unknown>): AuditFilter => ({
    ...(typeof search.action === "string" ? { action: search.action } : {}),
    ...(day(search.from) ? { from: search.from } : {}),
    ...(day(search.to) ? { to: search.to } : {}),
  }),
  component: lazyRouteComponent(() => import("./pages/settings/routes"), "AuditRoute"),
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  setupRoute,
  joinRoute,
  resetRoute,
  forgotRoute,
  insideRoute.addChildren([
    indexRoute,
    liveRoute,
    myDayRoute,
    myWeeksRoute,
    myPrivacyRoute,
    myLooksRoute,
    myAccountRoute,
    projectsRoute,
    projectRoute,
    managersRoute.addChildren([
      reportsRoute,
      attendanceRoute,
      completenessRoute,
      peopleRoute,
      personRoute,
      personDayRoute,
      personWeeksRoute,
      teamsRoute,
      teamRoute,
      devicesRoute,
    ]),
    adminsRoute.addChildren([
      startRoute,
      teamPolicyRoute,
      invitationsRoute,
      tokensRoute,
      organizationRoute,
      policyRoute,
      auditRoute,
    ]),
  ]),
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
      search: note === "chosen" ? {} : { note: "ended", ...(here === "/" ? {} : { to: here }) },
    });
  };
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
