/**
 * The one module that talks HTTP to the server. Owns the typed client, the single renewal of an
 * expired log-in, and turning failures into `ApiError`. It must not know pages, routes or React.
 *
 * The log-in lives in `HttpOnly` cookies: no token is ever visible to this code.
 */
import createClient from "openapi-fetch";
import { ApiError, networkError, toApiError } from "./problem";
import { Renewal } from "./renewal";
import type { paths } from "./schema";
import type { LoginRequest, Me, PresenceSnapshot, SetupRequest, SetupStatus } from "./types";

const renewal = new Renewal(async () => {
  const answer = await reach(
    new Request(new URL("/api/v1/auth/refresh", window.location.origin), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    }),
  );
  if (answer.ok) return true;
  if (answer.status === 401 || answer.status === 403) return false;
  // Busy or away: that says nothing about the log-in, so nobody is sent to the log-in page.
  throw toApiError(answer, await bodyOf(answer));
});

/** Sends a request; on 401 renews the log-in once and sends it again. */
async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const askedAt = Date.now();
  const answer = await reach(request);
  if (answer.status !== 401 || asksToLogIn(request.url)) return answer;
  return (await renewal.renew(askedAt)) ? reach(again) : answer;
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch {
    throw networkError();
  }
}

/** A log-in that failed is no log-in that expired: renewing would not help. */
function asksToLogIn(url: string): boolean {
  return new URL(url).pathname === "/api/v1/auth/login";
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

const http = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at each call, so that a test can stand in for the network.
  fetch: send,
});

/** The answer's body, or the problem thrown as `ApiError`. */
async function unwrap<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let result: { data?: T; error?: unknown; response: Response };
  try {
    result = await call;
  } catch (error) {
    // A body that is no JSON although the status says that all is well: a captive portal.
    throw error instanceof ApiError ? error : toApiError(new Response(null), null);
  }
  if (!result.response.ok) throw toApiError(result.response, result.error);
  return result.data as T;
}

/** Everything that the dashboard asks of the server. */
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

export type Api = typeof api;
