import fc from "fast-check";
import { expect, it } from "vitest";
import { advise } from "./strength";

it.each([
  ["short", 0],
  ["elevenchars", 0],
  ["aaaaaaaaaaaaaaaa", 1],
  ["abababababab", 1],
  ["qwertyuiop123", 1],
  ["Password-7316!x", 1],
  ["maya-eats-nuts", 1],
  ["correct horse", 2],
  ["correct horse battery staple", 3],
  ["x".repeat(129), 0],
])("%s has level %d", (password, level) => {
  expect(advise(password, ["Maya Lindqvist", "maya@northwind.example"]).level).toBe(level);
});

it("says no to exactly what the server says no to by length, and always has words", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 140 }), (password) => {
      const length = Array.from(password).length;
      const advice = advise(password);
      expect(advice.level === 0).toBe(length < 12 || length > 128);
      expect(advice.words).not.toBe("");
    }),
  );
});
