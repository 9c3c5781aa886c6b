import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { network, ok } from "../../../test/network";
import { drawLinked, faults } from "../../../test/page";
import { Attendance } from "./Attendance";
import {
  type AttendanceSearch,
  type CompletenessSearch,
  readAttendance,
  readCompleteness,
} from "./address";
import { Completeness } from "./Completeness";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What an answer to a cursor is; and everything that was asked. */
function answers(pages: Record<string, object>): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  const answer = (request: Request) => {
    const query = new URL(request.url).searchParams;
    asked.push(query);
    return ok(pages[query.get("cursor") ?? ""]);
  };
  network({
    "GET /api/v1/reports/attendance": answer,
    "GET /api/v1/reports/completeness": answer,
    "GET /api/v1/teams": () => ok({ items: [], next_cursor: null }),
    "GET /api/v1/projects": () => ok({ items: [], next_cursor: null }),
  });
  return asked;
}

const day = (name: string, date: string, first: string | null, worked: number) => ({
  date,
  user_id: `01930000-0000-7000-8000-${name}`,
  name,
  first_input_at: first,
  last_input_at: first,
  breaks: name === "Ben" ? null : [],
  worked_seconds: worked,
});
// Berlin goes back from summer time in the night between the two days.
const ANN = day("Ann", "2026-10-24", "2026-10-24T06:30:00Z", 3600);
const BEN = day("Ben", "2026-10-25", "2026-10-25T07:10:00Z", 7200);
const CEM = day("Cem", "2026-10-25", null, 0);
const DAYS = { "": { items: [ANN, BEN, CEM], next_cursor: null } };

let address: Record<string, unknown> = {};

function KeptAttendance(props: { search?: AttendanceSearch }) {
  const [search, setSearch] = useState<AttendanceSearch>(props.search ?? {});
  address = { ...search };
  return (
    <Attendance search={search} today="2026-10-26" zone="Europe/Berlin" onSearch={setSearch} />
  );
}

function KeptCompleteness(props: { search?: CompletenessSearch }) {
  const [search, setSearch] = useState<CompletenessSearch>(props.search ?? {});
  address = { ...search };
  return <Completeness search={search} today="2026-10-26" onSearch={setSearch} />;
}

const names = () =>
  within(screen.getByRole("table"))
    .getAllByRole("link")
    .map((link) => link.textContent);
const sortedHeads = () =>
  screen
    .getAllByRole("columnheader")
    .filter((head) => head.hasAttribute("aria-sort"))
    .map((head) => [head.textContent, head.getAttribute("aria-sort")]);

it("attendance is sorted by the clock, whatever the day, and a second click turns it around", async () => {
  answers(DAYS);
  await drawLinked(<KeptAttendance />);
  await screen.findByText("Ann");
  expect(sortedHeads()).toEqual([["Day", "ascending"]]);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "First input" }));
  // Ben came at 8:10, Ann at 8:30: in UTC it would be the other way around.
  expect(names()).toEqual(["Ben", "Ann", "Cem"]);
  expect(sortedHeads()).toEqual([["First input", "ascending"]]);
  expect(address).toEqual({ sort: "first", up: true });
  await user.click(screen.getByRole("button", { name: "First input" }));
  expect(names()).toEqual(["Ann", "Ben", "Cem"]);
  expect(sortedHeads()).toEqual([["First input", "descending"]]);
  expect(address).toEqual({ sort: "first" });
  expect(await faults()).toEqual([]);
});

it("the keyboard sorts, too, and the order of before takes nothing in the address", async () => {
  answers(DAYS);
  await drawLinked(<KeptAttendance />);
  await screen.findByText("Ann");
  const user = userEvent.setup();
  screen.getByRole("button", { name: "Worked" }).focus();
  await user.keyboard("{Enter}");
  expect(names()).toEqual(["Ben", "Ann", "Cem"]);
  expect(address).toEqual({ sort: "worked" });
  screen.getByRole("button", { name: "Day" }).focus();
  await user.keyboard(" ");
  expect(address).toEqual({});
  expect(names()).toEqual(["Ann", "Ben", "Cem"]);
});

it("what is not known comes last whichever way it is sorted", async () => {
  answers(DAYS);
  await drawLinked(<KeptAttendance search={{ sort: "breaks" }} />);
  await screen.findByText("Ann");
  expect(names()).toEqual(["Ann", "Cem", "Ben"]);
  await userEvent.click(screen.getByRole("button", { name: "Pauses" }));
  expect(names()).toEqual(["Ann", "Cem", "Ben"]);
});

it("an address with an order sorts the rows of all pages, not of the first", async () => {
  const asked = answers({
    "": { items: [ANN, CEM], next_cursor: "2" },
    "2": { items: [BEN], next_cursor: null },
  });
  await drawLinked(<KeptAttendance search={{ sort: "worked" }} />);
  await screen.findByText("Ben");
  expect(names()).toEqual(["Ben", "Ann", "Cem"]);
  expect(asked.map((one) => [one.get("cursor"), one.get("limit")])).toEqual([
    [null, "200"],
    ["2", "200"],
  ]);
  expect(screen.queryByText(/^Sorted are the first/)).toBeNull();
});

it("where there are more rows than are sorted, it says so", async () => {
  const page = (cursor: string) => ({
    items: [day("Ann", `2026-10-${cursor}`, null, Number(cursor))],
    next_cursor: String(Number(cursor) + 1),
  });
  const pages = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [String(i + 10), page(String(i + 10))]),
  );
  answers({ ...pages, "": page("10") });
  await drawLinked(<KeptAttendance search={{ sort: "worked" }} />);
  expect(await screen.findByText(/^Sorted are the first 5,000 rows only\./)).toBeTruthy();
});

const person = (name: string, percent: number | null, dropped: number, pending: number) => ({
  user_id: `01930000-0000-7000-8000-${name}`,
  name,
  session_seconds: 1000,
  accounted_seconds: 900,
  percent,
  devices: [
    { device_id: name, name, pending, dropped: dropped > 0 ? { memory_full: dropped } : {} },
  ],
});

it("completeness is sorted by what is missing and by what is lost", async () => {
  answers({
    "": {
      items: [person("Ann", 99.5, 0, 40), person("Ben", 80, 1, 0), person("Cem", null, 0, 0)],
      next_cursor: null,
    },
  });
  await drawLinked(<KeptCompleteness />);
  await screen.findByText("Ann");
  expect(sortedHeads()).toEqual([]);
  const user = userEvent.setup();
  const table = within(screen.getByRole("table"));
  await user.click(table.getByRole("button", { name: "Share" }));
  expect(names()).toEqual(["Ben", "Ann", "Cem"]);
  expect(address).toEqual({ sort: "percent", up: true });
  await user.click(table.getByRole("button", { name: "Devices" }));
  expect(names()).toEqual(["Ben", "Ann", "Cem"]);
  await user.click(table.getByRole("button", { name: "Devices" }));
  expect(names()).toEqual(["Cem", "Ann", "Ben"]);
  expect(sortedHeads()).toEqual([["Devices", "ascending"]]);
  expect(await faults()).toEqual([]);
});

it("each page of the reports reads its own columns from an address", () => {
  expect(readAttendance({ sort: "first", up: true })).toEqual({ sort: "first", up: true });
  expect(readAttendance({ sort: "score" })).toEqual({});
  expect(readCompleteness({ sort: "devices" })).toEqual({ sort: "devices" });
  expect(readCompleteness({ sort: "first" })).toEqual({});
});
