/** Addresses of an organization's settings. */
import { createRoute } from "@tanstack/react-router";
import type { AuditFilter } from "../api/settings";
import { lazyPage } from "./lazyPage";
import { adminsRoute, isDay } from "./roots";

export const organizationRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/settings",
  component: lazyPage(() => import("../pages/settings/routes"), "OrganizationRoute"),
});

export const policyRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/settings/policy",
  component: lazyPage(() => import("../pages/settings/routes"), "PolicyRoute"),
});

export const categoriesRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/settings/categories",
  component: lazyPage(() => import("../pages/settings/categories/routes"), "CategoriesRoute"),
});

export const webhooksRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/settings/webhooks",
  component: lazyPage(() => import("../pages/settings/webhooks/routes"), "WebhooksRoute"),
});

export const webhookRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/settings/webhooks/$id",
  component: lazyPage(() => import("../pages/settings/webhooks/routes"), "WebhookRoute"),
});

export const jobsRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/settings/jobs",
  component: lazyPage(() => import("../pages/settings/jobs/routes"), "JobsRoute"),
});

export const auditRoute = createRoute({
  getParentRoute: () => adminsRoute,
  path: "/settings/audit",
  validateSearch: (search: Record<string, unknown>): AuditFilter => ({
    ...(typeof search.action === "string" ? { action: search.action } : {}),
    ...(isDay(search.from) ? { from: search.from } : {}),
    ...(isDay(search.to) ? { to: search.to } : {}),
  }),
  component: lazyPage(() => import("../pages/settings/routes"), "AuditRoute"),
});
