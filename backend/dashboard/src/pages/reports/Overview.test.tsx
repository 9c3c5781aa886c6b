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

const asked: URLSearchParams[] = [];

function answers(first: () => Response) {
  asked.length = 0;
  network({
    "GET /api/v1/reports": (request) => {
      asked.push(new URL(request.url).searchParams);
      return first();
    },
    "GET /api/v1/reports/heatmap": () => ok(heat),
    "GET /api/v1/teams": () => ok({ items: [{ id: "t1", name: "Design" }], next_cursor: null }),
  });
}

function Kept() {
  const [search, setSearch] = useState<ReportSearch>({});
  return <Overview search={search} today="2026-11-18" onSearch={setSearch} />;
}

it("begins with a sentence, and shows rows, bars and the week", async () => {
  answers(() => ok(report));
  await drawLinked(<Kept />);
  expect(await screen.findByText(/^2 people worked 3 h, 50% more than in/)).toBeTruthy();
  expect(screen.getByText("98% accounted for")).toBeTruthy();
  expect(screen.getByRole("rowheader", { name: "Maya Lindqvist" })).toBeTruthy();
  expect(screen.getByRole("rowheader", { name: '"><img src=x onerror=alert(1)>' })).toBeTruthy();
  expect(await screen.findByTitle("Mon, 9 h: 1 h")).toBeTruthy();
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
  await vi.waitFor(() => expect(asked.at(-1)?.get("sort")).toBe("idle"));
  await user.click(screen.getByRole("button", { name: "Idle" }));
  await vi.waitFor(() => expect(asked.at(-1)?.get("descending")).toBe("false"));
  await user.selectOptions(screen.getByLabelText("Range"), "last-week");
  await vi.waitFor(() => expect(asked.at(-1)?.get("from")).toBe("2026-11-09"));
  await user.selectOptions(await screen.findByLabelText("Team"), "t1");
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
  await user.type(screen.getByLabelText("Name of the view"), "Month");
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
