/** Addresses before the log-in: in, set up, joining, and back in. */
import { createRoute, redirect } from "@tanstack/react-router";
import { api } from "../api/client";
import { lazyPage } from "./lazyPage";
import { rootRoute } from "./roots";

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
  component: lazyPage(() => import("../pages/LoginRoute"), "LoginRoute"),
});

export const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  beforeLoad: async () => {
    const status = await setupStatus();
    if (!status.needed) throw redirect({ to: "/login", replace: true });
    return { codeRequired: status.codeRequired };
  },
  component: lazyPage(() => import("../pages/SetupRoute"), "SetupRoute"),
});

/** Reached by a link whose secret `secret.ts` has taken out of the address, or by hand. */
export const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/join",
  validateSearch: (search: Record<string, unknown>): { organization?: string } =>
    typeof search.organization === "string" ? { organization: search.organization } : {},
  component: lazyPage(() => import("../pages/joining/JoinRoute"), "JoinRoute"),
});

export const resetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/reset",
  component: lazyPage(() => import("../pages/joining/ResetRoute"), "ResetRoute"),
});

export const forgotRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/forgot",
  component: lazyPage(() => import("../pages/joining/ForgotRoute"), "ForgotRoute"),
});
