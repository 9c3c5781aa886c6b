/** A network whose answers the test gives. */
import { vi } from "vitest";

export type Answer = (request: Request) => Response | Promise<Response>;

export interface TestNetwork {
  /** `GET /api/v1/me` and so on, in the order of arrival. */
  asked: string[];
  bodies: unknown[];
}

/** Stands in for `fetch`; a route without an answer fails the test that asks it. */
export function network(routes: Record<string, Answer>): TestNetwork {
  const seen: TestNetwork = { asked: [], bodies: [] };
  vi.stubGlobal("fetch", async (input: Request | URL | string, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const key = `${request.method} ${new URL(request.url).pathname}`;
    seen.asked.push(key);
    seen.bodies.push(
      request.method === "GET"
        ? null
        : await request
            .clone()
            .json()
            .catch(() => null),
    );
    const answer = routes[key];
    if (!answer) throw new Error(`the test gives no answer to ${key}`);
    return answer(request);
  });
  return seen;
}

export function ok(body: unknown, status = 200): Response {
  return status === 204 ? new Response(null, { status }) : Response.json(body, { status });
}

export function problem(status: number, code: string, more: object = {}): Response {
  return Response.json(
    {
      type: `urn:workpulse:problem:${code}`,
      status,
      title: `Title of ${code}`,
      detail: `Detail of ${code}.`,
      request_id: "req-1",
      ...more,
    },
    { status, headers: { "content-type": "application/problem+json" } },
  );
}
