import { expect, it } from "vitest";
import { forgetView, savedViews, saveView } from "./views";

it("keeps views by name, the latest first, and forgets them", () => {
  saveView("Week", { range: "this-week" });
  saveView("Teams", { by: "team" });
  saveView("Week", { range: "last-week" });
  expect(savedViews()).toEqual([
    { name: "Week", search: { range: "last-week" } },
    { name: "Teams", search: { by: "team" } },
  ]);
  expect(forgetView("Week")).toEqual([{ name: "Teams", search: { by: "team" } }]);
});

it("what is kept there and is no view is passed over", () => {
  const kept = JSON.stringify([null, 1, { name: "x" }, { name: "y", search: { by: "<b>" } }]);
  window.localStorage.setItem("workpulse-report-views", kept);
  expect(savedViews()).toEqual([{ name: "y", search: {} }]);
  window.localStorage.setItem("workpulse-report-views", "{");
  expect(savedViews()).toEqual([]);
});
