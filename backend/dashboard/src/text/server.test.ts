/**
 * What the server sends as plain strings, and the API's document does not list: each has its words,
 * and no words are kept for what is gone.
 */
import { expect, it } from "vitest";
import spec from "../../openapi.json";
import { found, source, sources } from "../../test/serverSources";
import { outcomeInWords } from "../pages/settings/jobs/schedule";
import { english as audit } from "./audit";
import { english as jobs } from "./jobs";
import { english as webhooks } from "./webhooks";

const server = sources("backend/src");
const told: readonly string[] = spec.components.schemas.WebhookKind.enum;

it("every action of the audit log", () => {
  const subjects = found(Object.keys(audit.acts).join("\n"), /^([a-z_]+)\./gm).join("|");
  const named = found(server, new RegExp(`"((?:${subjects})\\.[a-z_]+)"`, "g"));
  // An action that nobody has words for yet may be about something new.
  const written = found(server, /action: "([a-z_]+\.[a-z_]+)"/g);
  const actions = [...new Set([...named, ...written])].sort();
  const events = actions.filter((one) => told.includes(one) && !(one in audit.acts));
  expect(written.length).toBeGreaterThan(25);
  expect(actions.filter((one) => !events.includes(one))).toEqual(Object.keys(audit.acts).sort());
});

it("every job", () => {
  const names = found(server, /Definition::new\(\s*"([a-z_]+)"/g);
  expect(Object.keys(jobs.names).sort()).toEqual(names);
  expect(Object.keys(jobs.what).sort()).toEqual(names);
});

it("every outcome of a job that an organization reads", () => {
  const own = found(server, /Definition::new\(\s*"([a-z_]+)"[^;]*?\)\s*\.per_organization/g);
  const outcomes = own.flatMap((name) =>
    found(source(`backend/src/jobs/${name}.rs`), /format!\("([^"]+)"\)/g),
  );
  expect(outcomes).toEqual(["{closed} days closed"]);
  expect(outcomeInWords("2 days closed")).toBe(jobs.closed(2));
});

it("every reason for which a webhook's message does not arrive", () => {
  const reasons = found(
    source("backend/src/webhooks/outgoing.rs"),
    /(?:Sent::failed\(|return |Some\(|^ +)"([a-z]+)"\)?[;,]?$/gm,
  ).filter((one) => one !== "status");
  // A status says itself what it is; the last one is given by whoever turns a webhook off.
  expect(Object.keys(webhooks.errors).sort()).toEqual([...reasons, "off"].sort());
});
