import { beforeEach, expect, it, vi } from "vitest";
import { settled, TestClock } from "../../test/clock";
import { iso, NOW, person, snapshot, update } from "../../test/given";
import { TestWires } from "../../test/wire";
import { ApiError, networkError, toApiError } from "../api/problem";
import type { PresenceSnapshot } from "../api/types";
import { LiveFeed } from "./feed";

let clock: TestClock;
let wires: TestWires;
let frames: (() => void)[];
let presence: () => Promise<PresenceSnapshot>;
let checkLogin: () => Promise<unknown>;
const loginEnded = vi.fn();

function feed(): LiveFeed {
  return new LiveFeed({
    presence: () => presence(),
    checkLogin: () => checkLogin(),
    onLoginEnded: loginEnded,
    open: wires.open,
    timers: clock,
    nextFrame: (work) => frames.push(work),
    now: () => clock.now,
    random: () => 0.5,
  });
}

const paint = () => {
  for (const work of frames.splice(0)) work();
};
const application = (live: LiveFeed, id: string) =>
  live.view().live?.people.get(id)?.person.application;
const SUSPENDED = { type: "urn:workpulse:problem:suspended", title: "Suspended" };
const unauthenticated = () =>
  new ApiError({
    code: "unauthenticated",
    status: 401,
    title: "Not logged in",
    detail: null,
    requestId: null,
    fields: [],
    retryAfterSeconds: null,
  });

async function started(): Promise<LiveFeed> {
  const live = feed();
  live.start();
  await settled();
  wires.last.hello();
  return live;
}

beforeEach(() => {
  clock = new TestClock(NOW);
  wires = new TestWires();
  frames = [];
  presence = () => Promise.resolve(snapshot([person("a")]));
  checkLogin = () => Promise.resolve({});
  loginEnded.mockReset();
});

it("takes a snapshot, then follows the events after it", async () => {
  const live = await started();
  expect(wires.last.address).toBe("/api/v1/ws?after=10");
  expect(live.view().phase).toBe("ready");
  wires.last.event(update(11, [person("a", { application: "Slack" })]));
  paint();
  expect(application(live, "a")).toBe("Slack");
});

it("shows a burst of events as one change", async () => {
  const live = await started();
  const changes = vi.fn();
  live.subscribe(changes);
  for (let seq = 11; seq < 211; seq += 1) {
    wires.last.event(update(seq, [person("a", { application: `app ${seq}` })]));
  }
  expect(changes).not.toHaveBeenCalled();
  expect(frames).toHaveLength(1);
  paint();
  expect(changes).toHaveBeenCalledTimes(1);
  expect(application(live, "a")).toBe("app 210");
});

it("does not ask again for events that wait to be shown", async () => {
  await started();
  wires.last.event(update(15, [person("a")]));
  wires.last.drop();
  await clock.pass(1000);
  expect(wires.last.address).toBe("/api/v1/ws?after=15");
});

it("keeps what is seen when the connection is lost, and tells since when", async () => {
  const live = await started();
  await clock.pass(5000);
  wires.last.drop();
  expect(live.view()).toMatchObject({ connected: false, lostAt: NOW + 5000, phase: "ready" });
  await clock.pass(1000);
  wires.last.hello();
  expect(live.view()).toMatchObject({ connected: true, lostAt: null });
});

it("takes a new snapshot after a reset, even one with lower numbers", async () => {
  const live = await started();
  wires.last.event(update(50, [person("a", { application: "Slack" })]));
  paint();
  // Not yet shown when the reset comes: its number is of the old log, and says nothing now.
  wires.last.event(update(51, [person("a", { application: "Figma" })]));
  presence = () => Promise.resolve(snapshot([person("a", { application: "Zoom" })], { seq: 3 }));
  wires.last.send({ frame: "reset", seq: 3 });
  await settled();
  paint();
  expect(application(live, "a")).toBe("Zoom");
  expect(live.view().live?.seq).toBe(3);
});

it("asks once more when a reset overtakes a snapshot that is under way", async () => {
  const live = await started();
  const answers: ((s: PresenceSnapshot) => void)[] = [];
  presence = () => new Promise((resolve) => answers.push(resolve));
  wires.last.send({ frame: "reset", seq: 20 });
  wires.last.send({ frame: "reset", seq: 30 });
  answers[0]?.(snapshot([person("a", { application: "Old" })], { seq: 20 }));
  await settled();
  answers[1]?.(snapshot([person("a", { application: "New" })], { seq: 30 }));
  await settled();
  expect(answers).toHaveLength(2);
  expect(application(live, "a")).toBe("New");
});

it("takes a new snapshot when the organization's day is over", async () => {
  const live = await started();
  clock.now = Date.parse("2026-11-18T22:59:00Z");
  wires.last.event(update(11, [person("a")]));
  presence = () => Promise.resolve(snapshot([person("a")], { day: "2026-11-19", seq: 12 }));
  await clock.pass(75_000);
  expect(live.view().live?.day).toBe("2026-11-19");
});

it("finds out about a stream that died without saying so", async () => {
  const live = await started();
  const dead = wires.last;
  presence = () => Promise.resolve(snapshot([person("a", { application: "Zoom" })], { seq: 44 }));
  await clock.pass(140_000);
  expect(application(live, "a")).toBe("Zoom");
  expect(dead.closed).toBe(true);
  expect(wires.last.address).toBe("/api/v1/ws?after=44");
});

it("goes on by snapshots where no socket is allowed, and tells their age", async () => {
  const live = feed();
  live.start();
  await settled();
  for (let i = 0; i < 40; i += 1) {
    if (!wires.last.closed) wires.last.drop();
    await clock.pass(5000);
  }
  const { lostAt, phase } = live.view();
  expect(phase).toBe("ready");
  expect(clock.now - (lostAt ?? 0)).toBeLessThanOrEqual(140_000);
  expect(lostAt).toBeGreaterThan(NOW + 10_000);
});

it("says why it could not start, and starts when asked again", async () => {
  presence = () => Promise.reject(networkError());
  const live = feed();
  live.start();
  await settled();
  expect(live.view()).toMatchObject({ phase: "failed", live: null });
  expect(wires.all).toHaveLength(0);
  presence = () => Promise.resolve(snapshot([person("a")]));
  live.retry();
  expect(live.view().phase).toBe("loading");
  await settled();
  expect(live.view().phase).toBe("ready");
});

it("a later failure takes nothing away from the screen", async () => {
  const live = await started();
  presence = () => Promise.reject(networkError());
  await clock.pass(140_000);
  expect(live.view().phase).toBe("ready");
  expect(application(live, "a")).toBe("Figma");
});

it("sees other people after a change of role has cut the connection", async () => {
  presence = () => Promise.resolve(snapshot([person("a"), person("b")], { seq: 40 }));
  const live = await started();
  presence = () => Promise.resolve(snapshot([person("a")], { seq: 40 }));
  wires.last.drop(1008);
  await clock.pass(1000);
  expect([...(live.view().live?.people.keys() ?? [])]).toEqual(["a"]);
  expect(wires.last.address).toBe("/api/v1/ws?after=40");
});

it("leaves when the log-in has ended, wherever that shows", async () => {
  await started();
  checkLogin = () => Promise.reject(unauthenticated());
  wires.last.drop(1008);
  await settled();
  expect(loginEnded).toHaveBeenCalledTimes(1);
  await clock.pass(600_000);
  expect(wires.all).toHaveLength(1);

  presence = () => Promise.reject(unauthenticated());
  feed().start();
  await settled();
  expect(loginEnded).toHaveBeenCalledTimes(2);
});

it("leaves when the account was suspended, although the log-in itself still holds", async () => {
  await started();
  checkLogin = () => Promise.reject(toApiError(new Response(null, { status: 403 }), SUSPENDED));
  wires.last.drop(1008);
  await settled();
  expect(loginEnded).toHaveBeenCalledTimes(1);
});

it("learns how far this machine's clock is off", async () => {
  presence = () => Promise.resolve(snapshot([person("a")], { server_time: iso(NOW + 90_000) }));
  const live = feed();
  live.start();
  await settled();
  expect(live.view().clockOffset).toBe(90_000);
});
