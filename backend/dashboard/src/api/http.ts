/**
 * The one module that talks HTTP to the server; its neighbours name the routes. Owns the typed client, the single renewal of an
 * expired log-in, and turning failures into `ApiError`. It must not know pages, routes or React.
 *
 * The log-in lives in `HttpOnly` cookies: no token is ever visible to this code.
 */
import createClient from "openapi-fetch";
import { ApiError, networkError, toApiError } from "./problem";
import { Renewal } from "./renewal";
import type { paths } from "./schema";

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

/** Asked without a log-in: a refusal is no log-in that expired, and renewing would not help. */
const BEFORE_LOGIN = ["login", "register", "invitation", "reset", "reset-request"];

function asksToLogIn(url: string): boolean {
  const { pathname } = new URL(url);
  return BEFORE_LOGIN.some((route) => pathname === `/api/v1/auth/${route}`);
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

export const http = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at each call, so that a test can stand in for the network.
  fetch: send,
});

/** The answer's body, or the problem thrown as `ApiError`. */
export async function unwrap<T>(
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

/** Where a list reads on; the first page has no cursor. */
export function from(cursor: string | null): { cursor?: string } {
  return cursor === null ? {} : { cursor };
}
