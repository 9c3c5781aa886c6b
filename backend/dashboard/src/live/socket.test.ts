import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { TestClock } from "../../test/clock";
import { TestWires } from "../../test/wire";
import type { ServerFrame } from "../api/types";
import { fullJitter } from "./backoff";
import { LiveSocket } from "./socket";

let clock: TestClock;
let wires: TestWires;
let after: number;
let frames: ServerFrame[];
let connected: boolean[];
let asked: boolean[];
let mayContinue: () => Promise<boolean>;

function socket(): LiveSocket {
  return new LiveSocket({
    open: wires.open,
    timers: clock,
    random: () => 0.999,
    after: () => after,
    onFrame: (frame) => frames.push(frame),
    onConnected: (is) => connected.push(is),
    mayContinue: (cutOff) => {
      asked.push(cutOff);
      return mayContinue();
    },
  });
}

beforeEach(() => {
  clock = new TestClock(0);
  wires = new TestWires();
  after = 7;
  frames = [];
  connected = [];
  asked = [];
  mayContinue = () => Promise.resolve(true);
});

describe("a live socket", () => {
  it("resumes after the number that holds when it connects again", async () => {
    socket().start();
    expect(wires.last.address).toBe("/api/v1/ws?after=7");
    wires.last.hello();
    expect(connected).toEqual([true]);
    after = 12;
    wires.last.drop(1012);
    expect(connected).toEqual([true, false]);
    await clock.pass(500);
    expect(wires.all.map((wire) => wire.address)).toEqual([
      "/api/v1/ws?after=7",
      "/api/v1/ws?after=12",
    ]);
    // A drop after a greeting is the network's doing: nobody asks about the log-in.
    expect(asked).toEqual([]);
  });

  it("waits longer after each failure, and starts anew once it was greeted", async () => {
    socket().start();
    const waits: (number | null)[] = [];
    for (let i = 0; i < 9; i += 1) {
      wires.last.drop();
      await clock.pass(0);
      waits.push(clock.nextIn);
      await clock.pass(clock.nextIn ?? 0);
    }
    expect(waits).toEqual([499, 999, 1998, 3996, 7992, 15984, 29970, 29970, 29970]);
    wires.last.hello();
    wires.last.drop();
    expect(clock.nextIn).toBe(499);
  });

  it("asks about the log-in when it is refused, and stops when that has ended", async () => {
    mayContinue = () => Promise.resolve(false);
    socket().start();
    wires.last.drop();
    await clock.pass(60_000);
    expect(asked).toEqual([false]);
    expect(wires.all).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  it("asks about the log-in when its authority ends, and goes on if it may", async () => {
    socket().start();
    wires.last.hello();
    wires.last.drop(1008);
    await clock.pass(1000);
    expect(asked).toEqual([true]);
    expect(wires.all).toHaveLength(2);
  });

  it("goes on when it cannot find out about the log-in", async () => {
    mayContinue = () => Promise.reject(new Error("no network"));
    socket().start();
    wires.last.drop();
    await clock.pass(1000);
    expect(wires.all).toHaveLength(2);
  });

  it("gives up on a server that accepts and never greets", async () => {
    socket().start();
    const silent = wires.last;
    await clock.pass(10_000);
    expect(silent.closed).toBe(true);
    await clock.pass(1000);
    expect(wires.all).toHaveLength(2);
  });

  it("connects at once when told to, and only one connection stands", async () => {
    const live = socket();
    live.start();
    wires.last.hello();
    wires.last.drop();
    live.connectNow();
    live.connectNow();
    await clock.pass(60_000 - 1);
    expect(wires.all.filter((wire) => !wire.closed).length).toBeLessThanOrEqual(1);
    expect(wires.all[1]?.address).toBe("/api/v1/ws?after=7");
  });

  it("hears nothing of a connection that it has left", () => {
    const live = socket();
    live.start();
    const old = wires.last;
    old.hello();
    live.restart();
    old.hello();
    old.drop();
    wires.last.hello();
    expect(frames).toHaveLength(2);
    expect(connected).toEqual([true, true]);
  });

  it("is quiet once it is stopped", async () => {
    const live = socket();
    live.start();
    wires.last.drop();
    live.stop();
    await clock.pass(120_000);
    expect(wires.all).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  it("ignores what it cannot read", () => {
    socket().start();
    wires.last.sendRaw("<html>");
    expect(connected).toEqual([]);
    wires.last.hello();
    wires.last.sendRaw("{}");
    expect(frames).toHaveLength(1);
  });
});

it("the wait is between nothing and thirty seconds, whatever the number of failures", () => {
  fc.assert(
    fc.property(
      fc.nat(100_000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, random) => {
        const wait = fullJitter(attempt, random);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(30_000);
      },
    ),
  );
});
