import { expect, it } from "vitest";
import { alert, iso, NOW } from "../../test/given";
import { dayInWords } from "../format/instant";
import { agentIn, dayOf, sentence } from "./sentence";

const ZONE = "Europe/Berlin";

it("an open one grows with the clock, an ended one has its length", () => {
  expect(sentence(alert("a"), NOW, ZONE)).toMatch(/^No input for 15 min, since \d\d:05( [AP]M)?$/);
  expect(sentence(alert("a"), NOW + 3_600_000, ZONE)).toMatch(/^No input for 1 h 15 min, since/);
  const ended = alert("a", { ended_at: iso(NOW - 300_000) });
  expect(sentence(ended, NOW + 3_600_000, ZONE)).toMatch(
    /^No input for 10 min, \d\d:05( [AP]M)? to \d\d:15( [AP]M)?$/,
  );
});

it("a long day is told by the organization's day", () => {
  const long = alert("a", { kind: "overtime", seconds: 33_000, day: "2026-11-18", since: null });
  expect(sentence(long, NOW, ZONE)).toBe(`Had worked 9 h 10 min on ${dayInWords("2026-11-18")}`);
});

it("leads to the day of its beginning, as the organization's clock has it", () => {
  const late = alert("a", { since: iso(Date.parse("2026-11-18T23:30:00Z")) });
  expect(dayOf(late, ZONE)).toBe("2026-11-19");
  expect(dayOf(late, "America/New_York")).toBe("2026-11-18");
});

it("says of the agent what is so now, and of a resolved one what was so then", () => {
  expect(agentIn(alert("a"), false)).toBe("silent");
  expect(agentIn(alert("a"), undefined)).toBe("onlineThen");
  expect(agentIn(alert("a", { state: "resolved", agent_online: false }), true)).toBe("silentThen");
  expect(agentIn(alert("a", { agent_online: null }), undefined)).toBe("none");
});
