import fc from "fast-check";
import { expect, it } from "vitest";
import { person } from "../../test/given";
import { type Grouping, groupsOf, linesOf, type Names } from "./groups";

const names: Names = {
  teams: new Map([
    ["t2", { name: "Design", people: new Set(["a", "b"]) }],
    ["t1", { name: "Agency", people: new Set(["b"]) }],
  ]),
  projects: new Map([["p1", "Website"]]),
};
const on = (project: string | null) => ({
  id: "s",
  started_at: "2026-11-18T08:00:00.000Z",
  project_id: project,
  version: 1,
});
const shape = (by: Exclude<Grouping, "none">, people: Parameters<typeof groupsOf>[0]) =>
  groupsOf(people, by, names).map((group) => [
    group.key,
    group.people.map((one) => one.user_id).join(""),
  ]);

it("who is in several teams stands in each, who is in none stands at the end", () => {
  expect(shape("team", [person("c"), person("b"), person("a")])).toEqual([
    ["named:t1", "b"],
    ["named:t2", "ba"],
    ["no_team", "c"],
  ]);
});

it("projects come by name, then those without one, then who is not working", () => {
  const people = [
    person("a"),
    person("b", { session: on(null) }),
    person("c", { session: on("p1") }),
    person("d", { session: on("p9") }),
  ];
  expect(shape("project", people)).toEqual([
    ["named:p1", "c"],
    ["other_project", "d"],
    ["no_project", "b"],
    ["not_working", "a"],
  ]);
});

it("states come in the order in which they want a look, an unknown one first", () => {
  const people = [
    person("a", { status: "active" }),
    person("b", { status: "offline" }),
    person("c", { status: "resting" as never }),
  ];
  expect(shape("status", people)).toEqual([
    ["status:resting", "c"],
    ["status:offline", "b"],
    ["status:active", "a"],
  ]);
});

it("lines hold everybody once per group, in order, and no key twice", () => {
  const someone = fc.record({ id: fc.integer({ min: 0, max: 30 }), project: fc.boolean() });
  fc.assert(
    fc.property(
      fc.uniqueArray(someone, { selector: (one) => one.id }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom("team", "project", "status" as const),
      (some, across, by) => {
        const people = some.map((one) =>
          person("abcdefghijklmnopqrstuvwxyzABCDE".charAt(one.id), {
            session: one.project ? on("p1") : null,
          }),
        );
        const groups = groupsOf(people, by as "team", names);
        const lines = linesOf(groups, across, true);
        expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length);
        expect(lines.filter((line) => line.kind === "heading")).toHaveLength(groups.length);
        expect(lines.flatMap((line) => (line.kind === "people" ? line.people : []))).toEqual(
          groups.flatMap((group) => group.people),
        );
        const all = new Set(groups.flatMap((group) => group.people));
        expect(all.size).toBe(people.length);
        for (const line of lines) {
          if (line.kind === "people") expect(line.people.length).toBeLessThanOrEqual(across);
        }
      },
    ),
  );
});
