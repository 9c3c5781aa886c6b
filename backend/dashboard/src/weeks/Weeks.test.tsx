import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { network, ok } from "../../test/network";
import { drawLinked, faults } from "../../test/page";
import { LiveFeed } from "../live/feed";
import { GivenFeed } from "../live/LiveProvider";
import type { Span } from "./span";
import { Weeks } from "./Weeks";

vi.mock("../live/now", async () => {
  const given = await import("../../test/given");
  return { useNow: () => given.NOW };
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const figures = (active: number, idle: number, unobserved: number | null) => ({
  active_seconds: active,
  idle_seconds: idle,
  unobserved_seconds: unobserved,
  worked_seconds: active + idle,
  score: (100 * active) / (active + idle),
});

function Page() {
  const [view, setView] = useState<{ span: Span; date: string | null }>({
    span: "week",
    date: null,
  });
  return (
    <Weeks
      userId="u"
      zone="Europe/Berlin"
      span={view.span}
      date={view.date}
      onView={(span, date) => setView({ span, date })}
      dayLink={{ to: "/people/$id/day", params: { id: "u" } }}
    />
  );
}

/** Nothing live: only the clock's offset is asked of it. */
const quiet = new LiveFeed({} as never);

async function show() {
  const asked: URLSearchParams[] = [];
  network({
    "GET /api/v1/reports": (request: Request) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const byDay = query.get("group_by") === "day";
      const row = byDay
        ? { key: query.get("from"), label: query.get("from"), ...figures(25_200, 3600, 600) }
        : { key: "Figma", label: "Figma", ...figures(7200, 0, null) };
      return ok({
        from: query.get("from"),
        to: query.get("to"),
        time_zone: "Europe/Berlin",
        group_by: query.get("group_by"),
        people: 1,
        rows: [row],
        row_count: 1,
        total: figures(25_200, 3600, 600),
        ...(query.get("compare") === "true"
          ? { compared: { from: "", to: "", total: figures(7200, 7200, 0) } }
          : {}),
      });
    },
  });
  await drawLinked(
    <GivenFeed feed={quiet}>
      <Page />
    </GivenFeed>,
  );
  return asked;
}

it("adds up the week that today is in, and opens each day", async () => {
  const asked = await show();
  const table = await screen.findByRole("table", { name: "Days" });
  const day = asked.find((query) => query.get("group_by") === "day");
  expect(Object.fromEntries(day ?? [])).toMatchObject({
    from: "2026-11-16",
    to: "2026-11-22",
    user_id: "u",
    compare: "false",
  });
  expect(within(table).getByText("7 h")).toBeTruthy();
  const monday = screen.getByRole("link", { name: /7 h active, 1 h idle, 10 min not observed/ });
  expect(monday.getAttribute("href")).toBe("/people/u/day?date=2026-11-16");
  // A day to come is no link.
  const empty = screen.getAllByRole("link", { name: /nothing recorded/ });
  expect(empty.map((day) => day.hasAttribute("href"))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(await screen.findByText("Figma: 2 h")).toBeTruthy();
  expect(screen.getByText(/7 h with input, of 8 h with and without input: 88%/)).toBeTruthy();
  expect(await faults()).toEqual([]);
});

it("a week that is over is held against the one before, the one that goes on is not", async () => {
  await show();
  await screen.findByRole("table", { name: "Days" });
  expect(screen.queryByText(/on the week before/)).toBeNull();
  expect((screen.getByLabelText("Week after") as HTMLButtonElement).disabled).toBe(true);
  await userEvent.click(screen.getByLabelText("Week before"));
  expect(await screen.findByText("+100% on the week before")).toBeTruthy();
  await userEvent.click(screen.getByRole("radio", { name: "Month" }));
  expect(await screen.findByText("November 2026")).toBeTruthy();
});
