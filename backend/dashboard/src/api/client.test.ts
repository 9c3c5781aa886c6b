import { afterEach, describe, expect, it, vi } from "vitest";
import { network, ok, problem } from "../../test/network";
import { api } from "./client";
import { ApiError, fieldMessage, saidAtFields, wordsFor } from "./problem";

afterEach(() => {
  vi.unstubAllGlobals();
});

const failure = async (call: Promise<unknown>): Promise<ApiError> => {
  const error = await call.then(
    () => null,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
};

describe("a request whose log-in has expired", () => {
  it("is sent again after one renewal, which all waiting requests share", async () => {
    let valid = false;
    const net = network({
      "GET /api/v1/me": () => (valid ? ok({ name: "Robin" }) : problem(401, "unauthenticated")),
      "GET /api/v1/presence": () => (valid ? ok({ people: [] }) : problem(401, "unauthenticated")),
      "POST /api/v1/auth/refresh": async () => {
        await Promise.resolve();
        valid = true;
        return ok({});
      },
    });
    const answers = await Promise.all([api.me(), api.presence(), api.me()]);
    expect(answers[0].name).toBe("Robin");
    expect(net.asked.filter((a) => a.endsWith("refresh"))).toHaveLength(1);
    expect(net.asked).toHaveLength(7);
  });

  it("fails with 401 when the renewal is refused, and is not sent a third time", async () => {
    const net = network({
      "GET /api/v1/me": () => problem(401, "unauthenticated"),
      "POST /api/v1/auth/refresh": () => problem(401, "unauthenticated"),
    });
    expect((await failure(api.me())).needsLogin).toBe(true);
    expect(net.asked).toEqual(["GET /api/v1/me", "POST /api/v1/auth/refresh"]);
  });

  it("does not send people to the log-in page when the server is only busy", async () => {
    network({
      "GET /api/v1/me": () => problem(401, "unauthenticated"),
      "POST /api/v1/auth/refresh": () => problem(503, "unavailable"),
    });
    const error = await failure(api.me());
    expect(error.needsLogin).toBe(false);
    expect(error.problem.code).toBe("unavailable");
  });

  it("sends its body again, unchanged", async () => {
    let valid = false;
    const net = network({
      "POST /api/v1/auth/logout": () => (valid ? ok(null, 204) : problem(401, "unauthenticated")),
      "POST /api/v1/auth/refresh": () => {
        valid = true;
        return ok({});
      },
    });
    await api.logout();
    expect(net.asked).toEqual([
      "POST /api/v1/auth/logout",
      "POST /api/v1/auth/refresh",
      "POST /api/v1/auth/logout",
    ]);
  });
});

describe("what went wrong", () => {
  it("a wrong password is no expired log-in", async () => {
    const net = network({ "POST /api/v1/auth/login": () => problem(401, "login-failed") });
    const error = await failure(api.login({ email: "a@b", password: "x" }));
    expect(error.is("login-failed")).toBe(true);
    expect(net.asked).toHaveLength(1);
    expect(net.bodies[0]).toEqual({ email: "a@b", password: "x", delivery: "cookie" });
  });

  it("keeps the server's words, its request id and its fields", async () => {
    network({
      "POST /api/v1/setup": () =>
        problem(422, "validation", {
          fields: [
            { field: "email", message: "Not an address." },
            { field: "name", message: "is too long" },
          ],
        }),
    });
    const error = await failure(
      api.setup({ organization_name: "x", time_zone: "UTC", name: "x", email: "x", password: "x" }),
    );
    expect(error.problem).toMatchObject({
      title: "Title of validation",
      detail: "Detail of validation.",
      requestId: "req-1",
    });
    expect(fieldMessage(error, "email", "E-mail")).toBe("Not an address.");
    expect(fieldMessage(error, "name", "Your name")).toBe("Your name is too long");
    expect(fieldMessage(error, "password", "Password")).toBeNull();
    expect(saidAtFields(error, ["email", "name"])).toBe(true);
    expect(saidAtFields(error, ["email"])).toBe(false);
  });

  it("no network is said in words", async () => {
    network({
      "GET /api/v1/setup": () => {
        throw new TypeError("Failed to fetch");
      },
    });
    expect((await failure(api.setupStatus())).problem.code).toBe("network");
  });

  it.each([
    [200, "<html>Please accept the terms of this Wi-Fi</html>"],
    [502, "<html>Bad gateway</html>"],
    [500, '{"unexpected":true}'],
    [200, '{"people":"none"}'],
  ])("an answer of %d that is not ours is never taken for ours: %s", async (status, body) => {
    network({ "GET /api/v1/presence": () => new Response(body, { status }) });
    expect((await failure(api.presence())).problem.code).toBe("unreadable");
  });

  it("an exception of our own becomes words, never a stack", () => {
    expect(wordsFor(new TypeError("x is undefined")).title).not.toContain("undefined");
  });

  it("only a plain number of seconds is read from Retry-After", async () => {
    network({
      "GET /api/v1/setup": () => {
        const answer = problem(429, "too-many-requests");
        answer.headers.set("retry-after", "30");
        return answer;
      },
    });
    expect((await failure(api.setupStatus())).problem.retryAfterSeconds).toBe(30);
  });
});
