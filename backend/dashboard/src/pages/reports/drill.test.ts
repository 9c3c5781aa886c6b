import { expect, it } from "vitest";
import { GROUPS } from "./address";
import { groupsFor, openedRow } from "./drill";

const id = "01930000-0000-7000-8000-000000000003";
const week = { from: "2026-11-16", to: "2026-11-22" };
const day = { from: "2026-11-18", to: "2026-11-18" };

it("a person of several days opens by day, of one day down to the minutes", () => {
  expect(openedRow(id, "person", { range: "last-week", sort: "idle", up: true }, week)).toEqual({
    to: "/reports",
    search: { range: "last-week", person: id, by: "day" },
  });
  expect(openedRow(id, "person", {}, day)).toEqual({
    to: "/people/$id/day",
    params: { id },
    search: { date: "2026-11-18" },
  });
});

it("a day opens who worked on it, and of one person their minutes", () => {
  expect(openedRow("2026-11-18", "day", { range: "last-week", team: id }, week)).toEqual({
    to: "/reports",
    search: { from: "2026-11-18", to: "2026-11-18", team: id, by: "person" },
  });
  expect(openedRow("2026-11-18", "day", { person: id }, week)).toEqual({
    to: "/people/$id/day",
    params: { id },
    search: { date: "2026-11-18" },
  });
});

it("teams and projects open who is in them; what is nobody's opens nothing", () => {
  expect(openedRow(id, "project", { compare: false }, week)).toEqual({
    to: "/reports",
    search: { compare: false, project: id, by: "person" },
  });
  expect(openedRow("none", "team", {}, week)).toBeNull();
  expect(openedRow("other", "project", {}, week)).toBeNull();
  expect(openedRow("Figma", "application", {}, week)).toBeNull();
});

it("of one project only such groups are offered as the server knows of it", () => {
  expect(groupsFor({ project: id }, GROUPS)).toEqual(["person", "team", "project", "day"]);
  expect(groupsFor({}, GROUPS)).toEqual(GROUPS);
});
