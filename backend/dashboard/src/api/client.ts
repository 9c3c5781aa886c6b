/** What every page asks of the server: who is logged in, and who is working. */
import { http, unwrap } from "./http";
import { toApiError } from "./problem";
import type { LoginRequest, Me, PresenceSnapshot, SetupRequest, SetupStatus } from "./types";

export const api = {
  setupStatus: (): Promise<SetupStatus> => unwrap(http.GET("/api/v1/setup")),

  setup: async (body: SetupRequest): Promise<void> => {
    await unwrap(http.POST("/api/v1/setup", { body }));
  },

  login: async (body: Omit<LoginRequest, "delivery">): Promise<Me> => {
    const answer = await unwrap(
      http.POST("/api/v1/auth/login", { body: { ...body, delivery: "cookie" } }),
    );
    return answer.me;
  },

  logout: async (): Promise<void> => {
    await unwrap(http.POST("/api/v1/auth/logout"));
  },

  me: (): Promise<Me> => unwrap(http.GET("/api/v1/me")),

  presence: async (): Promise<PresenceSnapshot> => {
    const snapshot = await unwrap(http.GET("/api/v1/presence"));
    // An answer of another shape (a proxy's page sent as JSON) must not empty the screen.
    if (!Array.isArray(snapshot?.people)) throw toApiError(new Response(null), null);
    return snapshot;
  },
};

/** Whether the server answers at all, asked without a log-in. */
export async function reachable(): Promise<boolean> {
  try {
    return (await fetch("/health/live", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

export type Api = typeof api;
