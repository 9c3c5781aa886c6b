import { expect, it } from "vitest";
import { person } from "../../test/given";
import { countByStatus, held, matching, sorted } from "./order";

const team = [
  person("1", { name: "Maya", status: "active", application: "Figma" }),
  person("2", { name: "Chloé", status: "idle", application: "Slack" }),
  person("3", { name: "Åsa", status: "offline", application: null }),
  person("4", { name: "Bo", status: "not_working", application: null }),
  person("5", { name: "Ben", status: "active", application: "Firefox" }),
];
const none = new Map<string, number>();
const names = (people: readonly { name: string }[]) => people.map((p) => p.name);

it("those who need attention come first, and names decide within a state", () => {
  expect(names(sorted(team, "attention", none))).toEqual(["Åsa", "Chloé", "Ben", "Maya", "Bo"]);
});

it("who has open alerts comes before everybody else, most of them first", () => {
  const open = new Map([
    ["4", 1],
    ["5", 2],
  ]);
  expect(names(sorted(team, "attention", open))).toEqual(["Ben", "Bo", "Åsa", "Chloé", "Maya"]);
  expect(names(sorted(team, "name", open))).toEqual(["Åsa", "Ben", "Bo", "Chloé", "Maya"]);
});

it("names sort as people read them, accents and all", () => {
  expect(names(sorted(team, "name", none))).toEqual(["Åsa", "Ben", "Bo", "Chloé", "Maya"]);
});

it("the search finds names and applications without minding accents or case", () => {
  expect(names(matching(team, "chloe", []))).toEqual(["Chloé"]);
  expect(names(matching(team, "FIRE be", []))).toEqual(["Ben"]);
  expect(names(matching(team, "  ", ["active"]))).toEqual(["Maya", "Ben"]);
  expect(matching(team, "nobody", [])).toEqual([]);
});

it("every state is counted", () => {
  expect(countByStatus(team)).toEqual({
    active: 2,
    idle: 1,
    unobserved: 0,
    offline: 1,
    not_working: 1,
  });
});

it("rows stay where they are while somebody points at them; newcomers go to the end", () => {
  const changed = sorted(
    team.map((p) => (p.name === "Maya" ? { ...p, status: "offline" as const } : p)),
    "attention",
    none,
  );
  expect(names(held(["3", "2", "5", "1"], changed))).toEqual(["Åsa", "Chloé", "Ben", "Maya", "Bo"]);
});
