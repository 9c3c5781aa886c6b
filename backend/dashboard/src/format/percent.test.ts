import { afterEach, beforeEach, expect, it, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
});

afterEach(() => {
  window.localStorage.clear();
});

/** What is said in a language, each space as a plain one. */
async function said(language: string) {
  window.localStorage.setItem("workpulse-language", language);
  const { percent, percentChange } = await import("./percent");
  return [percent(53), percent(0.4), percentChange(6), percentChange(-6), percentChange(0)].map(
    (words) => words.replaceAll(/\s/g, " "),
  );
}

it("writes a percent sign as English does", async () => {
  expect(await said("en")).toEqual(["53%", "0%", "+6%", "-6%", "0%"]);
});

it("writes a percent sign as German does", async () => {
  expect(await said("de")).toEqual(["53 %", "0 %", "+6 %", "-6 %", "0 %"]);
});

/** Every text and component; one function writes all of them. */
const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.*", "!./percent.ts"], {
  eager: true,
  query: "?raw",
  import: "default",
});

it("is written by nobody else", () => {
  const others = Object.entries(sources).flatMap(([file, source]) =>
    /style: "percent"|\} ?% [a-z]/.test(source) ? [file] : [],
  );
  expect(others).toEqual([]);
});
