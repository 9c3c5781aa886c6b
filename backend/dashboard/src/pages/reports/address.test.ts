import fc from "fast-check";
import { expect, it } from "vitest";
import { readReport } from "./address";

const id = "01930000-0000-7000-8000-000000000800";

it("takes over what a report can show", () => {
  const search = { range: "last-week", by: "team", sort: "score", up: true, team: id };
  expect(readReport(search)).toEqual(search);
  expect(readReport({ from: "2026-11-01", to: "2026-11-07", compare: false })).toEqual({
    from: "2026-11-01",
    to: "2026-11-07",
    compare: false,
  });
});

it("leaves out days that are none, that end before they begin, or that a preset overrides", () => {
  expect(readReport({ from: "2026-11-07", to: "2026-11-01" })).toEqual({});
  expect(readReport({ from: "yesterday", to: "2026-11-01" })).toEqual({});
  expect(readReport({ range: "today", from: "2026-11-01", to: "2026-11-07" })).toEqual({
    range: "today",
  });
});

it("of one project there is nothing by what is not kept by project", () => {
  const project = "01930000-0000-7000-8000-000000000810";
  expect(readReport({ project, by: "application" })).toEqual({ project });
  expect(readReport({ project, by: "day" })).toEqual({ project, by: "day" });
});

it("whatever stands in an address, reading it twice changes nothing", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything()), (search) => {
      const once = readReport(search);
      expect(readReport({ ...once })).toEqual(once);
    }),
  );
});
