import { expect, it } from "vitest";
import { dayOf, noteOf } from "../../test/notes";
import { silences } from "./silent";

const at = (clock: string) => Date.parse(`2026-11-18T${clock}:00Z`);
const shown = (day: Parameters<typeof silences>[0]) =>
  silences(day).map(({ from, to }) => [
    new Date(from).toISOString().slice(11, 16),
    new Date(to).toISOString().slice(11, 16),
  ]);

it("offers what has no input, joined across idle, unobserved and gaps", () => {
  const day = dayOf([
    ["active", "08:00", "09:00"],
    ["idle", "09:00", "09:20"],
    ["unobserved", "09:20", "09:40"],
    ["active", "10:00", "11:00"],
    ["idle", "11:00", "11:04"],
    ["active", "11:04", "12:00"],
  ]);
  expect(shown(day)).toEqual([["09:00", "10:00"]]);
  expect(silences(day)[0]?.from).toBe(at("09:00"));
});

it("offers nothing of which a note tells already, unless it was declined", () => {
  const spans = [
    ["idle", "08:00", "10:00"],
    ["active", "10:00", "11:00"],
  ] as const;
  expect(shown(dayOf(spans, [noteOf("08:30", "09:00")]))).toEqual([
    ["08:00", "08:30"],
    ["09:00", "10:00"],
  ]);
  expect(shown(dayOf(spans, [noteOf("08:30", "09:00", { state: "declined" })]))).toEqual([
    ["08:00", "10:00"],
  ]);
});

it("counts what two devices said at once as one, and offers nothing of an empty day", () => {
  const day = dayOf([
    ["active", "08:00", "10:00"],
    ["idle", "08:30", "09:30"],
    ["active", "09:50", "11:00"],
  ]);
  expect(shown(day)).toEqual([]);
  expect(shown(dayOf([]))).toEqual([]);
});
