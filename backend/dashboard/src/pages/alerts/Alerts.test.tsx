import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { alert, manager } from "../../../test/given";
import { type Answer, network, ok, problem } from "../../../test/network";
import { drawLinked, faults } from "../../../test/page";
import type { Alert } from "../../api/alerts";
import type { Me } from "../../api/types";
import type { LiveFeed } from "../../live/feed";
import { GivenFeed } from "../../live/LiveProvider";
import { Alerts } from "./Alerts";
import { type AlertSearch, readAlerts } from "./address";
import { queryOf } from "./useAlerts";

const MAYA = "01930000-0000-7000-8000-000000000001";
let asked: URLSearchParams[];
let sent: unknown[];
let list: Alert[];
let address: AlertSearch;

beforeEach(() => {
  asked = [];
  sent = [];
  list = [
    alert("a1", { user_id: MAYA }),
    alert("a2", { user_id: "t", user_name: "Tomasz Wieczorek", agent_online: false }),
    alert("a3", { user_id: "me", user_name: "Robin Castellanos", kind: "overtime" }),
  ];
  address = {};
  return () => vi.unstubAllGlobals();
});

function Inbox(props: { me: Me; start: AlertSearch }) {
  const [search, setSearch] = useState(props.start);
  address = search;
  return <Alerts me={props.me} search={search} onSearch={setSearch} />;
}

async function show(
  more: Record<string, Answer> = {},
  me: Me = manager,
  start: AlertSearch = {},
): Promise<void> {
  const seen = network({
    "GET /api/v1/alerts": (request) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const state = query.get("state");
      const items = list.filter((one) => state === null || one.state === state);
      return ok({ items, next_cursor: null });
    },
    "GET /api/v1/users": () =>
      ok({ items: [{ id: MAYA, name: "Maya Lindqvist" }], next_cursor: null }),
    "GET /api/v1/teams": () => ok({ items: [], next_cursor: null }),
    ...more,
  });
  sent = seen.bodies;
  const view = { live: null, clockOffset: 0 };
  const feed = { view: () => view, subscribe: () => () => {} } as unknown as LiveFeed;
  await drawLinked(
    <GivenFeed feed={feed}>
      <Inbox me={me} start={start} />
    </GivenFeed>,
  );
}

const inbox = () => screen.findByRole("list", { name: "Alerts" });
const names = async () =>
  within(await inbox())
    .getAllByRole("listitem")
    .map((row) => within(row).getByRole("link").textContent);

it("shows open ones: who, what, since when, the agent, and the way to the day", async () => {
  await show();
  const [maya, tom, own] = within(await inbox()).getAllByRole("listitem");
  expect(asked[0]?.get("state")).toBe("open");
  expect(maya?.textContent).toMatch(/Maya LindqvistNo inputNo input for .*, since .*in contact/);
  expect(tom?.textContent).toContain("Agent was silent: perhaps the network, not the person");
  expect(
    within(maya as HTMLElement)
      .getByRole("link")
      .getAttribute("href"),
  ).toBe(`/people/${MAYA}/day?date=2026-11-18`);
  // One's own is another's to resolve, and leads to one's own day.
  expect(within(own as HTMLElement).queryByRole("checkbox")).toBeNull();
  expect(
    within(own as HTMLElement)
      .getByRole("link")
      .getAttribute("href"),
  ).toMatch(/^\/me\?date=/);
  expect(await faults()).toEqual([]);
});

it("resolves one with a note, at once, before the server answers", async () => {
  let answer: (response: Response) => void = () => {};
  await show({
    "POST /api/v1/alerts/a1/resolve": () => new Promise((go) => (answer = go)),
  });
  await userEvent.click(await screen.findByRole("button", { name: /^Resolve Maya/ }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText("Note"), " at the dentist ");
  await userEvent.click(within(dialog).getByRole("button", { name: "Resolve" }));
  await waitFor(async () =>
    expect(await names()).toEqual(["Tomasz Wieczorek", "Robin Castellanos"]),
  );
  expect(sent).toContainEqual({ note: "at the dentist" });
  expect(screen.queryByText("One alert resolved.")).toBeNull();
  list = list.slice(1);
  await act(async () => answer(ok(alert("a1", { state: "resolved", resolution: "by_hand" }))));
  await screen.findByText("One alert resolved.");
});

it("takes it back where the server refuses, says why, and keeps the note to try again", async () => {
  let refuse = true;
  await show({
    "POST /api/v1/alerts/a1/resolve": () =>
      refuse ? problem(409, "conflict") : ok(alert("a1", { state: "resolved" })),
  });
  await userEvent.click(await screen.findByRole("button", { name: /^Resolve Maya/ }));
  await userEvent.type(await screen.findByLabelText("Note"), "dentist");
  await userEvent.click(
    within(screen.getByRole("dialog")).getByRole("button", { name: "Resolve" }),
  );
  const said = await screen.findByRole("alert");
  expect(said.textContent).toContain("This alert was not resolved. It stands as before.");
  expect(said.textContent).toContain("Detail of conflict.");
  expect(screen.getByText("Your note: dentist")).toBeTruthy();
  expect(await names()).toContain("Maya Lindqvist");
  refuse = false;
  list = list.slice(1);
  await userEvent.click(within(said).getByRole("button", { name: "Try again" }));
  await screen.findByText("One alert resolved.");
  expect(sent.filter((body) => (body as { note?: string } | null)?.note === "dentist").length).toBe(
    2,
  );
});

it("resolves several at once by keyboard alone, and says which were resolved before", async () => {
  await show({
    "POST /api/v1/alerts/resolve": () => {
      list = list.slice(2);
      return ok({ resolved: 1, items: [] });
    },
  });
  const rows = within(await inbox());
  rows.getByRole("checkbox", { name: /^Select Maya/ }).focus();
  await userEvent.keyboard(" {ArrowDown} ");
  expect(screen.getByText("2 selected")).toBeTruthy();
  expect(document.activeElement).toBe(rows.getByRole("checkbox", { name: /^Select Tomasz/ }));
  await userEvent.keyboard("{ArrowDown}");
  expect(document.activeElement).toBe(rows.getByRole("link", { name: "Robin Castellanos" }));
  await userEvent.keyboard("r");
  const dialog = await screen.findByRole("dialog", { name: "Resolve 2 alerts?" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Resolve" }));
  await screen.findByText(/One alert resolved\. One had been resolved before\./);
  expect(sent).toContainEqual({ ids: ["a1", "a2"] });
  expect(await names()).toEqual(["Robin Castellanos"]);
});

it("selects all that may be resolved, and nothing that has left the list", async () => {
  await show();
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select all shown" }));
  expect(screen.getByText("2 selected")).toBeTruthy();
  await userEvent.click(screen.getByRole("checkbox", { name: "Select all shown" }));
  expect(screen.getByText("None selected")).toBeTruthy();
});

it("filters stand in the address, and reach the server", async () => {
  await show();
  await userEvent.click(await screen.findByRole("radio", { name: "All" }));
  await userEvent.selectOptions(screen.getByLabelText("About"), "overtime");
  await screen.findByRole("option", { name: "Maya Lindqvist" });
  await userEvent.selectOptions(screen.getByLabelText("Person"), MAYA);
  expect(address).toEqual({ state: "all", kind: "overtime", person: MAYA });
  await waitFor(() => expect(asked.at(-1)?.get("user_id")).toBe(MAYA));
  expect(asked.at(-1)?.get("state")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(address).toEqual({ state: "all" });
});

it("shows only a team's where one is chosen", async () => {
  const team = "01930000-0000-7000-8000-000000000800";
  await show(
    {
      [`GET /api/v1/teams/${team}/members`]: () =>
        ok({ items: [{ user_id: MAYA, name: "Maya Lindqvist" }], next_cursor: null }),
    },
    manager,
    { team },
  );
  expect(await names()).toEqual(["Maya Lindqvist"]);
});

it("says that nobody needs a look, and that no alert fits", async () => {
  list = [];
  await show();
  await screen.findByText("Nobody needs you just now");
  await userEvent.selectOptions(screen.getByLabelText("About"), "idle");
  await screen.findByText("No alert fits these filters");
});

it("says what went wrong, and asks again", async () => {
  let fails = true;
  await show({
    "GET /api/v1/alerts": () =>
      fails ? problem(503, "unavailable") : ok({ items: list, next_cursor: null }),
  });
  const said = await screen.findByRole("alert");
  fails = false;
  await userEvent.click(within(said).getByRole("button", { name: "Try again" }));
  expect(await names()).toHaveLength(3);
});

it("an employee reads their own, with who resolved them and the note, and resolves none", async () => {
  list = [
    alert("a1", { user_id: "me" }),
    alert("a2", {
      user_id: "me",
      state: "resolved",
      resolution: "by_hand",
      resolved_by_name: "Priya Nair",
      note: "At the dentist",
      resolved_at: "2026-11-18T13:00:00.000Z",
    }),
  ];
  await show({}, { ...manager, role: "employee" });
  const rows = within(await inbox()).getAllByRole("listitem");
  expect(asked[0]?.get("state")).toBeNull();
  expect(rows[1]?.textContent).toMatch(/Resolved by Priya Nair.*It goes on.*At the dentist/);
  expect(screen.queryAllByRole("checkbox")).toEqual([]);
  expect(screen.queryByRole("button", { name: /^Resolve/ })).toBeNull();
  expect(screen.queryByLabelText("Person")).toBeNull();
  expect(await faults()).toEqual([]);
});

it("takes from an address what it understands", () => {
  expect(readAlerts({ state: "open", kind: "x", person: "1", from: "2026-13-99", to: 3 })).toEqual({
    state: "open",
  });
  expect(readAlerts({ state: "all", kind: "idle", person: MAYA, from: "2026-11-18" })).toEqual({
    state: "all",
    kind: "idle",
    person: MAYA,
    from: "2026-11-18",
  });
});

it("days are the organization's, to the end of the last", () => {
  expect(queryOf({ from: "2026-10-25", to: "2026-10-25" }, "resolved", "Europe/Berlin")).toEqual({
    state: "resolved",
    from: "2026-10-24T22:00:00.000Z",
    to: "2026-10-25T23:00:00.000Z",
  });
});
