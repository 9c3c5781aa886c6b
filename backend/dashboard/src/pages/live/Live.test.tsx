import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { settled, TestClock } from "../../../test/clock";
import { alert, iso, manager, NOW, person, snapshot, update } from "../../../test/given";
import { network, ok } from "../../../test/network";
import { drawLinked, faults } from "../../../test/page";
import { TestWires } from "../../../test/wire";
import { ALERTS } from "../../alerts/openAlerts";
import { networkError } from "../../api/problem";
import type { Me, PersonState, PresenceSnapshot } from "../../api/types";
import { LiveFeed } from "../../live/feed";
import { GivenFeed } from "../../live/LiveProvider";
import { Live } from "./Live";
import type { View } from "./useRows";

let clock: TestClock;
let queries: QueryClient;
let wires: TestWires;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  clock = new TestClock(NOW);
  wires = new TestWires();
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

function Page(props: { me: Me }) {
  queries = useQueryClient();
  const [view, setView] = useState<View>({
    search: "",
    statuses: [],
    sort: "attention",
    group: "none",
    look: "rows",
  });
  return (
    <Live
      me={props.me}
      view={view}
      onView={(change) => setView((before) => ({ ...before, ...change }))}
    />
  );
}

async function show(
  presence: () => Promise<PresenceSnapshot>,
  me: Me = manager,
): Promise<LiveFeed> {
  const feed = new LiveFeed({
    presence,
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
      <Page me={me} />
    </GivenFeed>,
  );
  await act(async () => {
    feed.start();
    await settled();
  });
  if (wires.all.length > 0) act(() => wires.last.hello());
  return feed;
}

const people = (list: PersonState[]) => () => Promise.resolve(snapshot(list));
const rowNames = () =>
  within(screen.getByRole("table", { name: "People" }))
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.getAttribute("aria-label"));

const maya = person("m", { name: "Maya Lindqvist" });
const tom = person("t", {
  name: "Tomasz Wieczorek",
  status: "unobserved",
  reason: "asleep",
  application: null,
  today: { active_seconds: 27_720, idle_seconds: 60, unobserved_seconds: 540 },
});
const zoe = person("z", { name: "Zoë", status: "not_working", application: null });

it("shows each person with state, application, day and last contact", async () => {
  await show(people([maya, tom]));
  const row = screen.getByRole("row", { name: "Tomasz Wieczorek" });
  for (const words of [
    "Not observed",
    "asleep",
    "No application shown",
    "7 h 42 min active",
    "1 min idle",
    "9 min not observed",
    "98% accounted for",
    "10 s ago",
  ]) {
    expect(row.textContent).toContain(words);
  }
  expect(row.dataset).toMatchObject({
    userId: "t",
    status: "unobserved",
    activeSeconds: "27720",
    idleSeconds: "60",
    unobservedSeconds: "540",
  });
  expect(screen.getByRole("row", { name: "Maya Lindqvist" }).textContent).toContain("Figma");
});

it("who has open alerts is marked and comes first, and goes back when they are resolved", async () => {
  let open = [alert("1", { user_id: "m" }), alert("2", { user_id: "m" })];
  network({ "GET /api/v1/alerts": () => ok({ items: open, next_cursor: null }) });
  await show(people([maya, tom]));
  const mark = await screen.findByRole("link", { name: "2 open alerts" });
  expect(mark.getAttribute("href")).toBe("/alerts?person=m");
  expect(rowNames()).toEqual(["Maya Lindqvist", "Tomasz Wieczorek"]);
  open = [];
  await act(async () => queries.invalidateQueries({ queryKey: ALERTS }));
  await vi.waitFor(() => expect(rowNames()).toEqual(["Tomasz Wieczorek", "Maya Lindqvist"]));
  expect(screen.queryByRole("link", { name: /open alert/ })).toBeNull();
});

it("a total that ends with the last contact says so", async () => {
  await show(people([person("o", { status: "offline", last_contact_at: iso(NOW - 600_000) })]));
  expect(screen.getByRole("row", { name: "Person o" }).textContent).toMatch(
    /100% accounted for until \d\d:\d\d/,
  );
});

it("calls nobody silent who is online: signs of life alone are not pushed", async () => {
  const last_contact_at = iso(NOW - 600_000);
  await show(
    people([
      person("on", { last_contact_at, online: true }),
      person("off", { last_contact_at, online: false }),
    ]),
  );
  expect(screen.getByRole("row", { name: "Person on" }).textContent).toContain("In contact");
  expect(screen.getByRole("row", { name: "Person off" }).textContent).toContain("10 min ago");
});

it("changes without reload when an event arrives", async () => {
  await show(people([maya]));
  act(() => wires.last.event(update(11, [{ ...maya, status: "idle", application: "Slack" }])));
  const row = screen.getByRole("row", { name: "Maya Lindqvist" });
  expect(row.textContent).toContain("Slack");
  expect(row.dataset.status).toBe("idle");
});

it("counts each state, and a count shows only its people", async () => {
  await show(people([maya, tom, zoe]));
  expect(rowNames()).toEqual(["Tomasz Wieczorek", "Maya Lindqvist", "Zoë"]);
  const working = screen.getByRole("button", { name: "Active 1" });
  await userEvent.click(working);
  expect(working.getAttribute("aria-pressed")).toBe("true");
  expect(rowNames()).toEqual(["Maya Lindqvist"]);
  await userEvent.click(screen.getByRole("button", { name: "Everyone 3" }));
  expect(rowNames()).toHaveLength(3);
});

it("finds people by name, says when nobody fits, and leads back", async () => {
  await show(people([maya, zoe]));
  const search = screen.getByRole("textbox", { name: "Search people and applications" });
  await userEvent.type(search, "zoe");
  expect(rowNames()).toEqual(["Zoë"]);
  await userEvent.type(search, "xx");
  expect(screen.getByRole("heading", { name: "Nobody matches" })).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Show everyone" }));
  expect(rowNames()).toHaveLength(2);
});

it("sorts by name when asked", async () => {
  await show(people([tom, maya]));
  await userEvent.click(screen.getByRole("radio", { name: "Name" }));
  expect(rowNames()).toEqual(["Maya Lindqvist", "Tomasz Wieczorek"]);
});

it("rows stay where they are while somebody points at them", async () => {
  await show(people([maya, zoe]));
  await userEvent.hover(screen.getByRole("row", { name: "Maya Lindqvist" }));
  act(() => wires.last.event(update(11, [{ ...zoe, status: "offline" }])));
  expect(rowNames()).toEqual(["Maya Lindqvist", "Zoë"]);
  await userEvent.unhover(screen.getByRole("table", { name: "People" }));
  expect(rowNames()).toEqual(["Zoë", "Maya Lindqvist"]);
});

it("rows stay where they are while somebody goes through them with keys", async () => {
  await show(people([maya, zoe]));
  screen.getByRole("link", { name: "Maya Lindqvist" }).focus();
  act(() => wires.last.event(update(11, [{ ...zoe, status: "offline" }])));
  expect(rowNames()).toEqual(["Maya Lindqvist", "Zoë"]);
  act(() => screen.getByRole("link", { name: "Maya Lindqvist" }).blur());
  expect(rowNames()).toEqual(["Zoë", "Maya Lindqvist"]);
});

it("draws only the rows in view, and counts all of them", async () => {
  await show(people(Array.from({ length: 1000 }, (_, i) => person(`p${i}`))));
  expect(rowNames().length).toBeLessThan(60);
  expect(screen.getByRole("table").getAttribute("aria-rowcount")).toBe("1001");
});

it("says how old what is seen is while the connection is lost", async () => {
  await show(people([maya]));
  act(() => wires.last.drop());
  expect(screen.queryByText("Connection lost.")).toBeNull();
  vi.setSystemTime(NOW + 185_000);
  const note = await screen.findByText("Connection lost.", {}, { timeout: 3000 });
  expect(note.closest("[role=status]")?.textContent).toContain("3 min ago");
  expect(screen.getByRole("row", { name: "Maya Lindqvist" })).toBeTruthy();
  expect(await faults()).toEqual([]);
});

it("an employee sees themselves, with nothing to filter", async () => {
  await show(people([maya]), { ...manager, role: "employee" });
  expect(rowNames()).toEqual(["Maya Lindqvist"]);
  expect(screen.queryByRole("textbox")).toBeNull();
  expect(screen.getByText(/You see your own day/)).toBeTruthy();
});

it("tells an admin how to enrol the first device, and others whom to ask", async () => {
  const fresh = [person("a", { last_contact_at: null, status: "not_working" })];
  await show(people(fresh), { ...manager, role: "admin" });
  expect(screen.getByRole("link", { name: "Set up the first device" })).toBeTruthy();
  expect(await faults()).toEqual([]);
});

it("says that nobody is here", async () => {
  await show(people([]));
  expect(screen.getByRole("heading", { name: "Nobody here yet" })).toBeTruthy();
});

it("shows the shape of the page while it loads", async () => {
  await show(() => new Promise(() => {}));
  expect(screen.getByRole("status").textContent).toBe("Loading people…");
  expect(screen.getByRole("heading", { name: "Live" })).toBeTruthy();
  expect(await faults()).toEqual([]);
});

it("says what went wrong, and tries again", async () => {
  let fails = true;
  await show(() => (fails ? Promise.reject(networkError()) : Promise.resolve(snapshot([maya]))));
  expect(screen.getByRole("alert").textContent).toContain("The live view could not be loaded");
  expect(await faults()).toEqual([]);
  fails = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("row", { name: "Maya Lindqvist" })).toBeTruthy();
});

it("hostile names and applications stay text", async () => {
  const hostile = '<img src=x onerror="alert(1)">';
  await show(people([person("h", { name: hostile, application: hostile })]));
  const row = screen.getByRole("row", { name: hostile });
  expect(row.querySelector("img")).toBeNull();
  expect(row.textContent).toContain(hostile);
});

it("a state from a newer server is shown, not hidden", async () => {
  await show(people([person("n", { status: "on_break" as never })]));
  expect(screen.getByRole("row", { name: "Person n" }).textContent).toContain("on_break");
});

it("has no accessibility faults with people on it", async () => {
  await show(people([maya, tom, zoe]));
  expect(await faults()).toEqual([]);
});

/** Headings and people of the table, from the top. */
const lines = () =>
  within(screen.getByRole("table", { name: "People" }))
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.getAttribute("aria-label") ?? `# ${row.textContent}`);

it("groups by team, each with how many of it work; who is in none comes last", async () => {
  network({
    "GET /api/v1/teams": () => ok({ items: [{ id: "t1", name: "Design" }], next_cursor: null }),
    "GET /api/v1/teams/t1/members": () =>
      ok({ items: [{ user_id: "m" }, { user_id: "z" }], next_cursor: null }),
  });
  const session = { id: "s", started_at: iso(NOW), project_id: null, version: 1 };
  await show(people([{ ...maya, session }, tom, zoe]));
  await userEvent.selectOptions(screen.getByLabelText("Group by"), "By team");
  await screen.findByText("Design");
  expect(lines()).toEqual([
    "# Design1 of 2 working",
    "Maya Lindqvist",
    "Zoë",
    "# In no team0 of 1 working",
    "Tomasz Wieczorek",
  ]);
  expect(await faults()).toEqual([]);
});

it("groups that cannot be had are said, and people stay in sight", async () => {
  network({ "GET /api/v1/projects": () => Promise.reject(new TypeError("no network")) });
  await show(people([maya]));
  await userEvent.selectOptions(screen.getByLabelText("Group by"), "By project");
  await screen.findByText("Teams and projects could not be loaded");
  expect(rowNames()).toContain("Maya Lindqvist");
});

it("nobody changes their group under a pointer", async () => {
  await show(people([maya, tom]));
  await userEvent.selectOptions(screen.getByLabelText("Group by"), "By state");
  const before = ["# Not observed1 person", "Tomasz Wieczorek", "# Active1 person", maya.name];
  expect(lines()).toEqual(before);
  const list = screen.getByRole("table", { name: "People" });
  await userEvent.hover(within(list).getByText("Maya Lindqvist"));
  act(() => wires.last.event(update(11, [{ ...maya, status: "idle" }])));
  expect(screen.getByRole("row", { name: "Maya Lindqvist" }).dataset.status).toBe("idle");
  expect(lines()).toEqual(before);
  await userEvent.unhover(list);
  expect(lines()).toEqual([
    "# Not observed1 person",
    "Tomasz Wieczorek",
    "# Idle1 person",
    "Maya Lindqvist",
  ]);
});

it("cards say what rows say", async () => {
  await show(people([maya, tom]));
  await userEvent.click(screen.getByRole("radio", { name: "Cards" }));
  const card = screen.getByRole("listitem", { name: "Tomasz Wieczorek" });
  for (const words of ["Not observed, asleep", "7 h 42 min active", "98% accounted for"]) {
    expect(card.textContent).toContain(words);
  }
  expect(await faults()).toEqual([]);
});
