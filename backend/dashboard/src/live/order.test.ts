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
const names = (people: readonly { name: string }[]) => people.map((p) => p.name);

it("those who need attention come first, and names decide within a state", () => {
  expect(names(sorted(team, "attention"))).toEqual(["Åsa", "Chloé", "Ben", "Maya", "Bo"]);
});

it("names sort as people read them, accents and all", () => {
  expect(names(sorted(team, "name"))).toEqual(["Åsa", "Ben", "Bo", "Chloé", "Maya"]);
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
  );
  expect(names(held(["3", "2", "5", "1"], changed))).toEqual(["Åsa", "Chloé", "Ben", "Maya", "Bo"]);
});
