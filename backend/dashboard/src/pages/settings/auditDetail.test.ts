import { expect, it } from "vitest";
import { found, sources } from "../../../test/serverSources";
import { english } from "../../text/audit";
import { detailInWords } from "./auditDetail";

const TEAM = "01930000-0000-7000-8000-000000000701";
const nobody = new Map<string, string>();

it.each([
  ["user.role_changed", { role: "manager" }, ["Role: Manager"]],
  ["user.status_changed", { status: "suspended" }, ["Status: Suspended"]],
  [
    "category.changed",
    { before: { name: "Chat", kind: "neutral" } },
    ["Before: Name Chat, Kind Neutral"],
  ],
  ["alert.resolved", { kind: "idle", with_note: false }, ["Kind: No input", "With a note: no"]],
  [
    "webhook.created",
    { kinds: ["session.started", "of.tomorrow"] },
    ["Told of: A session starts, of.tomorrow"],
  ],
  [
    "organization.changed",
    { idle_alert_seconds: 3900, quiet_hours: [{}, {}] },
    ["Alert without input after: 1 h 05 min", "Quiet hours: 2"],
  ],
  ["session.project_changed", { before: null }, ["Before: none"]],
  ["look.timeline", { date: "2026-11-18" }, ["Day: November 18, 2026"]],
])("%s says %j in words", (action, detail, said) => {
  expect(detailInWords(action, detail, nobody)).toEqual(said);
});

it("an id is the name behind it, or else so much of it as tells two apart", () => {
  const detail = { team_id: TEAM, is_manager: true };
  expect(detailInWords("team.member_added", detail, new Map([[TEAM, "Design"]]))).toEqual([
    "Team: Design",
    "Manager: yes",
  ]);
  expect(detailInWords("team.member_added", { team_id: TEAM }, nobody)).toEqual([
    "Team: …00000701",
  ]);
});

it("the id of what an entry names is left out", () => {
  const detail = { team_id: TEAM, name: "Design", members: 3 };
  expect(detailInWords("team.created", detail, nobody)).toEqual(["Name: Design", "Members: 3"]);
});

it("what has no words yet is shown as it is", () => {
  expect(
    detailInWords("user.role_changed", { role: "owner", new_thing: "x", more: { a: 1 } }, nobody),
  ).toEqual(["Role: owner", "new thing: x", "more: a 1"]);
});

it("a look does not repeat whom it was at, nor show the hash of a name", () => {
  const detail = { people: 26, name: "c0ffee", role: "manager", from: "2026-11-12" };
  expect(detailInWords("look.report", detail, nobody)).toEqual([
    "Role: Manager",
    "From: November 12, 2026",
  ]);
});

it("nothing is said of nothing", () => {
  expect(detailInWords("user.renamed", null, nobody)).toEqual([]);
  expect(detailInWords("user.renamed", {}, nobody)).toEqual([]);
});

it("everything that the server writes down has its words", () => {
  const written = [
    ...sources("backend/src").matchAll(/detail(?::| =) (?:serde_json::)?json!\(\{([^;]*?)\}\)/g),
  ].map(([, fields]) => fields ?? "");
  const keys = found(written.join("\n"), /"([a-z_]+)":/g);
  expect(keys.length).toBeGreaterThan(30);
  expect(keys.filter((key) => !(key in english.details))).toEqual([]);
});
