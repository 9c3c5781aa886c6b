import { expect, it } from "vitest";
import { found, source, sources } from "../../test/serverSources";
import { details, fieldRules, problems } from "../text/de/problems";
import { inGerman, ruleInGerman } from "./problem";

const codes = found(source("shared-types/src/problem.rs"), /=> \("([a-z-]+)", \d/g);

it("every code that the server has is told in German", () => {
  expect(codes.length).toBeGreaterThan(15);
  expect(codes.filter((code) => problems[code] === undefined)).toEqual([]);
  expect(Object.keys(problems).filter((code) => !codes.includes(code))).toEqual([]);
});

it("every detail and rule that is known word for word is one that the server says", () => {
  const server = sources("backend/src");
  expect(Object.keys(details).filter((english) => !server.includes(english))).toEqual([]);
  expect(fieldRules.length).toBeGreaterThan(10);
});

it("a detail that tells more than its code keeps telling it", () => {
  const [[english, german] = ["", ""]] = Object.entries(details);
  expect(inGerman("conflict", "Conflict", english)).toEqual({
    title: "Etwas steht dem entgegen",
    detail: german,
  });
  expect(inGerman("conflict", "Conflict", "Something new.").detail).toBe(problems.conflict?.detail);
});

it("a problem of a newer server stays as it came", () => {
  expect(inGerman("brand-new", "Title", "Detail.")).toEqual({ title: "Title", detail: "Detail." });
});

it("rules of fields are told by their numbers", () => {
  expect(ruleInGerman("must have 1 to 200 characters")).toBe("muss 1 bis 200 Zeichen haben");
  expect(ruleInGerman("must be 1 to 3650")).toBe("muss von 1 bis 3650 reichen");
  expect(ruleInGerman("is something else")).toBe("is something else");
});
