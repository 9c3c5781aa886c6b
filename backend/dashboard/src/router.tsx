/** Every address with its page, put together: see `routes/` for the larger areas. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRoute,
  createRouter,
  redirect,
  stripSearchParams,
  useNavigate,
} from "@tanstack/react-router";
import { type AlertSearch, NOTE_STATES, readAlerts, type ShownNotes } from "./pages/alerts/address";
import { type LiveSearch, readView } from "./pages/live/address";
import {
  type AttendanceSearch,
  type CompletenessSearch,
  type ReportSearch,
  readAttendance,
  readCompleteness,
  readReport,
} from "./pages/reports/address";
import { PageFailed, Starting } from "./pages/Trouble";
import { forgotRoute, joinRoute, loginRoute, resetRoute, setupRoute } from "./routes/entrance";
import { lazyPage } from "./routes/lazyPage";
import {
  devicesRoute,
  invitationsRoute,
  peopleRoute,
  personDayRoute,
  personLooksRoute,
  personRoute,
  personWeeksRoute,
  teamPolicyRoute,
  teamRoute,
  teamsRoute,
  tokensRoute,
} from "./routes/people";
import { adminsRoute, insideRoute, isDay, managersRoute, rootRoute } from "./routes/roots";
import {
  auditRoute,
  categoriesRoute,
  jobsRoute,
  organizationRoute,
  policyRoute,
  webhookRoute,
  webhooksRoute,
} from "./routes/settings";
import { safeTarget } from "./session";
import { readSpan } from "./weeks/address";

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
  component: lazyPage(() => import("./pages/live/LiveRoute"), "LiveRoute"),
});

export const myDayRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/me",
  validateSearch: (search: Record<string, unknown>): { date?: string } =>
    isDay(search.date) ? { date: search.date } : {},
  component: lazyPage(() => import("./pages/me/routes"), "DayRoute"),
});

export const myWeeksRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/me/weeks",
  validateSearch: readSpan,
  component: lazyPage(() => import("./pages/me/routes"), "WeeksRoute"),
});

const myPrivacyRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/me/privacy",
  component: lazyPage(() => import("./pages/me/routes"), "PrivacyRoute"),
});

const myLooksRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/me/looks",
  component: lazyPage(() => import("./pages/me/routes"), "LooksRoute"),
});

const myAccountRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/me/account",
  component: lazyPage(() => import("./pages/me/routes"), "AccountRoute"),
});

/** An employee sees their own there, and resolves none. */
export const alertsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/alerts",
  validateSearch: (search: Record<string, unknown>): AlertSearch => readAlerts(search),
  component: lazyPage(() => import("./pages/alerts/AlertsRoute"), "AlertsRoute"),
});

/** An employee sees what they wrote themself. */
export const notesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/alerts/notes",
  validateSearch: (search: Record<string, unknown>): { state?: ShownNotes } => {
    const state = NOTE_STATES.find((one) => one === search.state);
    return state ? { state } : {};
  },
  component: lazyPage(() => import("./pages/alerts/AlertsRoute"), "NotesRoute"),
});

const projectsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/projects",
  component: lazyPage(() => import("./pages/groups/routes"), "ProjectsRoute"),
});

export const projectRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/projects/$id",
  component: lazyPage(() => import("./pages/groups/routes"), "ProjectRoute"),
});

export const reportsRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/reports",
  validateSearch: (search: Record<string, unknown>): ReportSearch => readReport(search),
  component: lazyPage(() => import("./pages/reports/routes"), "ReportsRoute"),
});

export const attendanceRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/reports/attendance",
  validateSearch: (search: Record<string, unknown>): AttendanceSearch => readAttendance(search),
  component: lazyPage(() => import("./pages/reports/routes"), "AttendanceRoute"),
});

export const completenessRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/reports/completeness",
  validateSearch: (search: Record<string, unknown>): CompletenessSearch => readCompleteness(search),
  component: lazyPage(() => import("./pages/reports/routes"), "CompletenessRoute"),
});

export const filesRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/reports/files",
  validateSearch: (search: Record<string, unknown>): ReportSearch => readReport(search),
  component: lazyPage(() => import("./pages/reports/routes"), "FilesRoute"),
});

const startRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/start",
  component: lazyPage(() => import("./pages/start/StartRoute"), "StartRoute"),
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
    alertsRoute,
    notesRoute,
    projectsRoute,
    projectRoute,
    managersRoute.addChildren([
      reportsRoute,
      attendanceRoute,
      completenessRoute,
      filesRoute,
      peopleRoute,
      personRoute,
      personDayRoute,
      personWeeksRoute,
      personLooksRoute,
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
      categoriesRoute,
      webhooksRoute,
      webhookRoute,
      jobsRoute,
      auditRoute,
    ]),
  ]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    defaultPendingComponent: Starting,
    defaultErrorComponent: PageFailed,
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
    // Only then: a page that still stands would ask for what it has lost.
    void navigate({
      to: "/login",
      search: note === "chosen" ? {} : { note: "ended", ...(here === "/" ? {} : { to: here }) },
    }).finally(() => queries.clear());
  };
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
