import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { settled, TestClock } from "../../test/clock";
import { alert, iso, manager, NOW, person, snapshot } from "../../test/given";
import { network, ok, type TestNetwork } from "../../test/network";
import { drawLinked, faults } from "../../test/page";
import { TestWires } from "../../test/wire";
import type { Alert } from "../api/alerts";
import { LiveFeed } from "../live/feed";
import { GivenFeed } from "../live/LiveProvider";
import { AlertCount } from "./AlertCount";
import { AlertWatch } from "./AlertWatch";
import { keepSignals } from "./signals";

let open: Alert[];
let wires: TestWires;
let asked: TestNetwork;
let snapshotSeq: number;
let clock: TestClock;

beforeEach(() => {
  open = [alert("old", { user_name: "Tomasz Wieczorek" })];
  wires = new TestWires();
  snapshotSeq = 10;
  clock = new TestClock(NOW);
  asked = network({ "GET /api/v1/alerts": () => ok({ items: open, next_cursor: null }) });
  return () => vi.unstubAllGlobals();
});

async function show() {
  const feed = new LiveFeed({
    presence: () => Promise.resolve(snapshot([person("maya")], { seq: snapshotSeq })),
    checkLogin: () => Promise.resolve(),
    onLoginEnded: () => {},
    open: wires.open,
    timers: clock,
    nextFrame: (work) => work(),
    now: () => clock.now,
    random: () => 0.5,
  });
  await drawLinked(
    <GivenFeed feed={feed}>
      <AlertCount />
      <AlertWatch me={manager} />
    </GivenFeed>,
  );
  await act(async () => {
    feed.start();
    await settled();
  });
  act(() => wires.last.hello());
  await screen.findByText("1 open");
  return feed;
}

const told = () => screen.getByRole("status", { name: "New alerts" }).textContent;
const happened = (seq: number, type: "INACTIVE_ALERT" | "ALERT_RESOLVED", id: string) =>
  act(() =>
    wires.last.event({
      seq,
      at: iso(NOW),
      event: { type, data: { alert_id: id as never, user_id: "maya" as never } },
    }),
  );

it("counts what is open, and tells of nothing that was there before", async () => {
  await show();
  expect(told()).toBe("");
  expect(await faults()).toEqual([]);
});

it("tells of an alert as it arrives, counts it, and both go when it is resolved", async () => {
  await show();
  open = [alert("new", { opened_at: iso(NOW) }), ...open];
  happened(11, "INACTIVE_ALERT", "new");
  await screen.findByText("2 open");
  expect(told()).toContain("Maya Lindqvist");
  expect(told()).toContain("No input for");
  expect(await faults()).toEqual([]);
  open = open.slice(1);
  happened(12, "ALERT_RESOLVED", "new");
  await screen.findByText("1 open");
  expect(told()).toBe("");
});

it("asks once for a batch", async () => {
  await show();
  const before = asked.asked.length;
  open = ["a", "b", "c", "d", "e"].map((id) => alert(id, { opened_at: iso(NOW) }));
  for (const [i, { id }] of open.entries()) happened(11 + i, "INACTIVE_ALERT", id);
  await screen.findByText("5 open");
  expect(told()).toContain("5 new alerts");
  expect(asked.asked.length).toBe(before + 1);
});

it("misses nothing when the server's log begins anew", async () => {
  await show();
  open = [alert("new", { opened_at: iso(NOW) }), ...open];
  act(() => wires.last.send({ frame: "reset", seq: 40 }));
  await screen.findByText("2 open");
  expect(told()).toContain("Maya Lindqvist");
});

it("misses nothing that only a snapshot tells of", async () => {
  const feed = await show();
  open = [alert("new", { opened_at: iso(NOW) }), ...open];
  // The stream says nothing, and a machine that wakes up asks how things stand.
  snapshotSeq = 60;
  clock.now += 60_000;
  await act(async () => {
    feed.wake();
    await settled();
  });
  await screen.findByText("2 open");
  expect(told()).toContain("Maya Lindqvist");
});

it("a note can be sent away", async () => {
  await show();
  open = [alert("new", { opened_at: iso(NOW) }), ...open];
  happened(11, "INACTIVE_ALERT", "new");
  await screen.findByText("2 open");
  await userEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(told()).toBe("");
  expect(screen.getByText("2 open")).toBeTruthy();
});

it("shows a notification of the system only where that was switched on and the page is hidden", async () => {
  const shown: string[] = [];
  class FakeNotification {
    static permission = "granted";
    constructor(title: string, more: { body: string; tag: string }) {
      shown.push(`${title}: ${more.body} (${more.tag})`);
    }
  }
  vi.stubGlobal("Notification", FakeNotification);
  const visibility = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  await show();
  open = [alert("n1", { opened_at: iso(NOW) }), ...open];
  happened(11, "INACTIVE_ALERT", "n1");
  await screen.findByText("2 open");
  expect(shown).toEqual([]);
  keepSignals({ sound: false, notify: true });
  open = [alert("n2", { opened_at: iso(NOW) }), ...open];
  happened(12, "INACTIVE_ALERT", "n2");
  await screen.findByText("3 open");
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatch(/^Maya Lindqvist: No input for .* \(n2\)$/);
  visibility.mockRestore();
});
