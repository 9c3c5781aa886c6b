import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { network, ok, problem } from "../../../test/network";
import { drawLinked, faults } from "../../../test/page";
import type { ReportSearch } from "./address";
import { Overview } from "./Overview";

afterEach(() => {
  vi.unstubAllGlobals();
});

const figures = (active: number, idle: number) => ({
  active_seconds: active,
  idle_seconds: idle,
  unobserved_seconds: 60,
  worked_seconds: active + idle,
  score: 90,
});
const row = (key: string, label: string, active: number) => ({
  key,
  label,
  ...figures(active, 600),
  share: 50,
  before: figures(3000, 600),
  difference: figures(0, 0),
});
const report = {
  from: "2026-11-12",
  to: "2026-11-18",
  time_zone: "Europe/Berlin",
  group_by: "person",
  people: 2,
  rows: [row("a", "Maya Lindqvist", 6600), row("b", '"><img src=x onerror=alert(1)>', 3000)],
  row_count: 2,
  total: { ...figures(9600, 1200), unobserved_seconds: 120 },
  compared: { from: "2026-11-05", to: "2026-11-11", total: figures(6000, 1200), difference: {} },
  next_cursor: null,
};
const heat = {
  from: "2026-11-12",
  to: "2026-11-18",
  time_zone: "Europe/Berlin",
  people: 2,
  cells: [{ weekday: 1, hour: 9, ...figures(3600, 0) }],
};

const PROJECT = "01930000-0000-7000-8000-000000000810";
const PERSON = "01930000-0000-7000-8000-000000000003";
const asked: URLSearchParams[] = [];

function answers(
  first: (query: URLSearchParams) => Response,
  week: () => Response | Promise<Response> = () => ok(heat),
) {
  asked.length = 0;
  network({
    "GET /api/v1/reports": (request) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      return first(query);
    },
    "GET /api/v1/reports/heatmap": week,
    "GET /api/v1/projects": () =>
      ok({ items: [{ id: PROJECT, name: "Website", archived_at: null }], next_cursor: null }),
    [`GET /api/v1/users/${PERSON}`]: () => ok({ id: PERSON, name: "Maya Lindqvist" }),
    "GET /api/v1/teams": () => ok({ items: [{ id: "t1", name: "Design" }], next_cursor: null }),
  });
}

function Kept(props: { search?: ReportSearch }) {
  const [search, setSearch] = useState<ReportSearch>(props.search ?? {});
  return <Overview search={search} today="2026-11-18" onSearch={setSearch} />;
}

it("begins with a sentence, and shows rows, bars and the week", async () => {
  answers(() => ok(report));
  await drawLinked(<Kept />);
  expect(
    await screen.findByText(/^Together, the 2 people in view worked 3 h, 50% more than before \(/),
  ).toBeTruthy();
  expect(screen.getByText("98% accounted for")).toBeTruthy();
  expect(screen.getByRole("rowheader", { name: "Maya Lindqvist" })).toBeTruthy();
  expect(screen.getByRole("rowheader", { name: '"><img src=x onerror=alert(1)>' })).toBeTruthy();
  expect(await screen.findByTitle("Mon, from 9:00: 1 h")).toBeTruthy();
  expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
    from: "2026-11-12",
    to: "2026-11-18",
    group_by: "person",
    compare: "true",
    sort: "worked",
    descending: "true",
  });
  expect(await faults()).toEqual([]);
});

it("asks anew for another order, another grouping, other days and a team", async () => {
  answers(() => ok(report));
  await drawLinked(<Kept />);
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Idle" }));
  const table = () => asked.filter((one) => one.get("limit") !== "12").at(-1);
  await vi.waitFor(() => expect(table()?.get("sort")).toBe("idle"));
  await user.click(screen.getByRole("button", { name: "Idle" }));
  await vi.waitFor(() => expect(table()?.get("descending")).toBe("false"));
  await user.click(screen.getByRole("button", { name: "Change" }));
  await vi.waitFor(() => expect(table()?.get("sort")).toBe("change"));
  await user.click(screen.getByRole("button", { name: "Share" }));
  await vi.waitFor(() => expect(table()?.get("sort")).toBe("worked"));
  await user.selectOptions(screen.getByLabelText("Range"), "last-week");
  await vi.waitFor(() => expect(asked.at(-1)?.get("from")).toBe("2026-11-09"));
  await screen.findByRole("option", { name: "Design" });
  await user.selectOptions(screen.getByLabelText("Team"), "t1");
  await vi.waitFor(() => expect(asked.at(-1)?.get("team_id")).toBe("t1"));
  await user.selectOptions(screen.getByLabelText("By"), "day");
  await vi.waitFor(() => expect(asked.at(-1)?.get("group_by")).toBe("day"));
  expect(asked.at(-1)?.get("sort")).toBe("label");
});

it("saves a view under a name, as a link to its address", async () => {
  answers(() => ok(report));
  await drawLinked(<Kept />);
  const user = userEvent.setup();
  await user.selectOptions(await screen.findByLabelText("Range"), "last-month");
  await user.type(await screen.findByLabelText("Name of the view"), "Month");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const link = await screen.findByRole("link", { name: "Month" });
  expect(link.getAttribute("href")).toBe("/reports?range=last-month");
  await user.click(screen.getByRole("button", { name: "Forget the view Month" }));
  expect(screen.queryByRole("link", { name: "Month" })).toBeNull();
});

it("says why there is nothing, and what to do", async () => {
  answers(() => ok({ ...report, rows: [], row_count: 0 }));
  await drawLinked(<Kept />);
  expect(await screen.findByText("Nothing was recorded in these days")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Download CSV" })).toHaveProperty("disabled", true);
});

it("a failure is told in the server's words, with a way to try again", async () => {
  answers(() => problem(422, "validation"));
  await drawLinked(<Kept />);
  expect((await screen.findByRole("alert")).textContent).toContain("Title of validation");
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});

it("a year by day asks for all of its pages, and draws every day", async () => {
  const days = Array.from({ length: 250 }, (_, i) =>
    new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10),
  );
  answers((query) => {
    const from = Number(query.get("cursor") ?? 0);
    const to = from + Number(query.get("limit") ?? 50);
    return ok({
      ...report,
      from: "2026-01-01",
      to: "2026-11-18",
      group_by: "day",
      rows: days.slice(from, to).map((day) => row(day, day, 3600)),
      row_count: days.length,
      next_cursor: to < days.length ? String(to) : null,
    });
  });
  await drawLinked(<Kept search={{ by: "day", range: "this-year" }} />);
  expect(await screen.findByText("250 of 250 rows")).toBeTruthy();
  expect(screen.getAllByRole("rowheader").length).toBeGreaterThanOrEqual(250);
  expect(document.querySelectorAll("figure g")).toHaveLength(250);
  expect(asked).toHaveLength(2);
  expect(asked.map((one) => one.get("limit"))).toEqual(["200", "200"]);
});

it("the largest are those of all rows, whatever the table is sorted by", async () => {
  const large = row("z", "Zoe, who worked most", 90_000);
  answers((query) =>
    query.get("sort") === "worked" ? ok({ ...report, rows: [large] }) : ok(report),
  );
  await drawLinked(<Kept search={{ sort: "idle", up: true }} />);
  expect(await screen.findByText("Zoe, who worked most")).toBeTruthy();
  const own = asked.find((one) => one.get("sort") === "worked");
  expect([own?.get("descending"), own?.get("limit")]).toEqual(["true", "12"]);
});

it("a project in the address is asked for, shown, and can be let go", async () => {
  answers(() => ok(report));
  await drawLinked(<Kept search={{ project: PROJECT }} />);
  expect(await screen.findByText(/ worked 3 h on Website, 50% more than before \(/)).toBeTruthy();
  expect(asked.every((one) => one.get("project_id") === PROJECT)).toBe(true);
  expect(screen.getByText(/^Hours of the week are not kept by project/)).toBeTruthy();
  const groups = [...(screen.getByLabelText("By") as HTMLSelectElement).options];
  expect(groups.map((one) => one.value)).toEqual(["person", "team", "project", "day"]);
  await userEvent.selectOptions(screen.getByLabelText("Project"), "");
  await vi.waitFor(() => expect(asked.at(-1)?.has("project_id")).toBe(false));
});

it("one person is named, each of their days opens down to its minutes, and all can come back", async () => {
  answers(() => ok({ ...report, rows: [row("2026-11-18", "2026-11-18", 3600)] }));
  await drawLinked(<Kept search={{ person: PERSON, by: "day" }} />);
  expect(await screen.findByText(/^Maya Lindqvist worked 3 h/)).toBeTruthy();
  const link = screen.getByRole("link", { name: "Wednesday, November 18" });
  expect(link.getAttribute("href")).toBe(`/people/${PERSON}/day?date=2026-11-18`);
  await userEvent.selectOptions(screen.getByLabelText("Person"), "Everybody");
  await vi.waitFor(() => expect(asked.at(-1)?.has("user_id")).toBe(false));
});

it("the week's hours say that they load, and why they could not be loaded", async () => {
  let answer: (response: Response) => void = () => {};
  answers(
    () => ok(report),
    () =>
      new Promise((go) => {
        answer = go;
      }),
  );
  await drawLinked(<Kept />);
  const section = async () =>
    (await screen.findByRole("heading", { name: "When work is done" })).closest("section");
  expect((await section())?.textContent).toContain("Loading…");
  answer(problem(422, "validation"));
  await vi.waitFor(async () =>
    expect((await section())?.textContent).toContain("Title of validation"),
  );
  expect(screen.getByRole("table", { name: "All rows" })).toBeTruthy();
});
