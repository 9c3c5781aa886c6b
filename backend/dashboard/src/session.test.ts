import fc from "fast-check";
import { expect, it } from "vitest";
import { safeTarget } from "./session";

it("goes back to where the person wanted to be", () => {
  expect(safeTarget("/live?status=%5B%22idle%22%5D")).toBe("/live?status=%5B%22idle%22%5D");
});

it.each([
  "https://evil.example/",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "/.//evil.example",
  "javascript:alert(1)",
  "",
  "live",
  undefined,
  7,
  "/login?to=/login",
  "/setup",
])("%s leads home", (wish) => {
  expect(safeTarget(wish)).toBe("/");
});

it("never leads to another host", () => {
  const tricky = fc.array(fc.constantFrom("/", "\\", ".", "@", ":", "\t", "\n", "a", "?", "#"));
  fc.assert(
    fc.property(tricky, (parts) => {
      const url = new URL(safeTarget(`/${parts.join("")}`), "https://ours.example");
      expect(url.origin).toBe("https://ours.example");
    }),
  );
});
