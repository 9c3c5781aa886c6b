/** Addresses of people, teams and devices. */
import { createRoute } from "@tanstack/react-router";
import { readSpan } from "../weeks/address";
import { lazyPage } from "./lazyPage";
import { adminsRoute, isDay, managersRoute } from "./roots";

export const peopleRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people",
  component: lazyPage(() => import("../pages/people/routes"), "PeopleRoute"),
});

export const personRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/$id",
  component: lazyPage(() => import("../pages/people/routes"), "PersonRoute"),
});

export const personDayRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/$id/day",
  validateSearch: (search: Record<string, unknown>): { date?: string } =>
    isDay(search.date) ? { date: search.date } : {},
  component: lazyPage(() => import("../pages/people/routes"), "PersonDayRoute"),
});

export const personWeeksRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/$id/weeks",
  validateSearch: readSpan,
  component: lazyPage(() => import("../pages/people/routes"), "PersonWeeksRoute"),
});

export const personLooksRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/$id/looks",
  component: lazyPage(() => import("../pages/people/routes"), "PersonLooksRoute"),
});

export const teamsRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/teams",
  component: lazyPage(() => import("../pages/groups/routes"), "TeamsRoute"),
});

export const teamRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/teams/$id",
  component: lazyPage(() => import("../pages/groups/routes"), "TeamRoute"),
});

export const teamPolicyRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/people/teams/$id/policy",
  component: lazyPage(() => import("../pages/groups/routes"), "TeamPolicyRoute"),
});

export const invitationsRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/people/invitations",
  component: lazyPage(() => import("../pages/people/routes"), "InvitationsRoute"),
});

export const devicesRoute = createRoute({
  getParentRoute: () => managersRoute,
  path: "/people/devices",
  validateSearch: (search: Record<string, unknown>): { show?: "pending" | "silent" } =>
    search.show === "pending" || search.show === "silent" ? { show: search.show } : {},
  component: lazyPage(() => import("../pages/devices/routes"), "DevicesRoute"),
});

export const tokensRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/people/enrolment",
  component: lazyPage(() => import("../pages/devices/routes"), "TokensRoute"),
});
