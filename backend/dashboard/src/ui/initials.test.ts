import fc from "fast-check";
import { expect, it } from "vitest";
import { hue, initials } from "./initials";

it.each([
  ["Maya Lindqvist", "ML"],
  ["Nguyễn Thị Lan", "NL"],
  ["Cher", "C"],
  ["  ", "?"],
  ["<script>alert(1)</script>", "S"],
  ["𝒜lice 👩‍👧", "𝒜"],
])("%s is shown as %s", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

it("no name makes it throw, and an application keeps its hue", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 256 }), (name) => {
      expect(initials(name).length).toBeGreaterThan(0);
      expect(hue(name)).toBe(hue(name));
      expect(hue(name)).toBeGreaterThanOrEqual(0);
      expect(hue(name)).toBeLessThan(360);
    }),
  );
});
