import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { iso, NOW } from "../../../../test/given";
import { network, ok, problem } from "../../../../test/network";
import { drawLinked, faults } from "../../../../test/page";
import type { Schedule, ScheduleRun } from "../../../api/jobs";
import { Jobs } from "./Jobs";
import { outcomeInWords, rhythm, sorted, standing } from "./schedule";

const run = (change: Partial<ScheduleRun> = {}): ScheduleRun => ({
  due_at: iso(NOW - 60_000),
  started_at: iso(NOW - 59_000),
  finished_at: iso(NOW - 58_000),
  duration_ms: 1000,
  state: "done",
  attempts: 1,
  ...change,
});
const schedule = (name: string, change: Partial<Schedule> = {}): Schedule => ({
  name,
  expression: "* * * * *",
  own: false,
  enabled: true,
  failed: 0,
  next_due_at: iso(NOW + 60_000),
  last_run: run(),
  ...change,
});

let items: Schedule[];
let fail: boolean;

beforeEach(() => {
  fail = false;
  items = [
    schedule("daily_summary", {
      own: true,
      expression: "@midnight",
      last_run: run({ outcome: "26 days closed", duration_ms: 74_000 }),
    }),
    schedule("exports"),
    schedule("retention", {
      expression: "12 * * * *",
      failed: 2,
      last_run: run({ state: "failed", attempts: 5 }),
    }),
    schedule("of_a_newer_server", { expression: "0 4 * * 1", last_run: null }),
  ];
  return () => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  };
});

async function show(): Promise<void> {
  network({
    "GET /api/v1/jobs": () => (fail ? problem(503, "unavailable") : ok({ items })),
  });
  await drawLinked(<Jobs zone="Europe/Berlin" />);
}

const rows = (label: string) =>
  within(screen.getByRole("table", { name: label }))
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.textContent ?? "");

it("says in plain words what runs, how it went, and what needs a look first", async () => {
  await show();
  await screen.findByText(/^One job needs a look/);
  expect(screen.getByText("In its own time zone, Europe/Berlin.")).toBeTruthy();
  expect(rows("For your organization")[0]).toMatch(
    /^Close days.*Daily at midnight.*Went well.*took 1 min.*26 days closed/,
  );
  const server = rows("For the whole server");
  expect(server[0]).toMatch(
    /^Remove old activity.*Hourly, at minute 12.*Given up.*given up 2 times.*at attempt 5/,
  );
  expect(server[1]).toMatch(/^Make files.*Every minute.*Went well.*took 1 s/);
  // What this page does not know is shown as the server has it.
  expect(server[2]).toMatch(/^of_a_newer_server.*0 4 \* \* 1.*Has not run yet.*Not yet/);
  expect(await faults()).toEqual([]);
});

it("looks again by itself, and keeps what it has where the server is away", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await show();
  await screen.findByText(/^One job needs a look/);
  items = items.map((one) => ({ ...one, last_run: run() }));
  await vi.advanceTimersByTimeAsync(11_000);
  await waitFor(() => expect(screen.getByText("Everything runs as it should.")).toBeTruthy());
  fail = true;
  await vi.advanceTimersByTimeAsync(11_000);
  await waitFor(() => expect(screen.getByRole("alert")).toBeTruthy());
  expect(screen.getByText(/what you see is from/)).toBeTruthy();
  expect(rows("For the whole server").length).toBe(3);
});

it("says that nothing could be read", async () => {
  fail = true;
  await show();
  expect((await screen.findByRole("alert")).textContent).toContain("This could not be loaded");
  expect(screen.queryByRole("table")).toBeNull();
});

it("says that there is nothing", async () => {
  items = [];
  await show();
  await screen.findByText("Nothing runs by itself");
});

it.each([
  ["@midnight", "Daily at midnight"],
  ["* * * * *", "Every minute"],
  ["*/10 * * * *", "Every 10 minutes"],
  ["7 * * * *", "Hourly, at minute 7"],
  ["3 0 * * *", "Daily at 00:03"],
  ["0 4 * * 1", null],
  ["1,31 * * * *", null],
  ["", null],
])("reads %o", (expression, words) => {
  expect(rhythm(expression)).toBe(words);
});

it.each([
  [{ waiting_since: iso(NOW - 60_000) }, "running"],
  [{ waiting_since: iso(NOW - 3_600_000) }, "late"],
  [{ enabled: false }, "off"],
  [{ last_run: run({ state: "failed" }) }, "failed"],
  [{ last_run: run({ state: "failed" }), waiting_since: iso(NOW - 1000) }, "failed"],
  [{ last_run: null }, "never"],
  [{}, "done"],
] as const)("%o is %s", (change, is) => {
  expect(standing(schedule("exports", change), NOW)).toBe(is);
});

it("keeps the order of what needs no look", () => {
  const names = ["b", "a", "c"].map((name) => schedule(name));
  const failed = schedule("z", { last_run: run({ state: "failed" }) });
  expect(sorted([...names, failed], NOW).map((it) => it.name)).toEqual(["z", "b", "a", "c"]);
});

it.each([
  ["26 days closed", "26 days closed"],
  ["1 days closed", "one day closed"],
  ["1204 days closed", "1,204 days closed"],
  // Of a newer server.
  ["3 weeks closed", "3 weeks closed"],
])("says %o as %o", (outcome, said) => {
  expect(outcomeInWords(outcome)).toBe(said);
});
