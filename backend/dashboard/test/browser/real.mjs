// The built dashboard in a real browser against real servers: a first run with a real agent, people
// who join with hostile names, and what each role sees and may not see.
// `node test/browser/real.mjs path/to/workpulse-server`; the server has to be built after the
// dashboard, because it carries it. The agent is beside it, or at `WORKPULSE_AGENT_BIN`.
// `--only=first`, `joining` or `roles` runs a part.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { firstRun } from "./realFirstRun.mjs";
import { joining } from "./realJoining.mjs";
import { roles } from "./realRoles.mjs";
import { startServer } from "./realServer.mjs";
import { launch, watched } from "./tools.mjs";

const words = process.argv.slice(2);
const only = words.find((word) => word.startsWith("--only="))?.slice("--only=".length);
const binary = resolve(
  words.find((word) => !word.startsWith("--")) ?? process.env.WORKPULSE_SERVER_BIN ?? "",
);
const agent = resolve(process.env.WORKPULSE_AGENT_BIN ?? join(dirname(binary), "workpulse-agent"));
for (const [program, found] of [
  ["the server", binary],
  ["the agent", agent],
]) {
  if (!existsSync(found) || found === process.cwd()) {
    console.error(`Name the binary of ${program}: ${found} is not there.`);
    console.error("node test/browser/real.mjs path/to/workpulse-server");
    process.exit(1);
  }
}

const browser = await launch();
const pages = [];

/**
 * A page in a browser of somebody's own, or in theirs (`within`). What is `expected` may stand in
 * its console, and nothing else.
 */
async function person({ expected = [], within } = {}) {
  const context =
    within ?? (await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin" }));
  const page = await watched(context);
  page.setDefaultTimeout(60_000);
  page.expected = expected;
  pages.push(page);
  return page;
}

async function step(name, work) {
  const began = performance.now();
  const answer = await work();
  const faults = pages.flatMap((page) => page.faults.splice(0));
  assert.deepEqual(faults, [], name);
  console.log(`ok    ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return answer;
}

async function onNewServer(story) {
  const server = await startServer(binary);
  const visitor = async (options) => Object.assign(await person(options), { story });
  try {
    await story({ step, person: visitor, server });
  } finally {
    // They leave before it ends, or would complain of that.
    const visitors = pages.filter((page) => page.story === story);
    await Promise.all(visitors.map((page) => page.context().close()));
    await server.stop();
  }
}

const wanted = (part) => only === undefined || only === part;
let first = null;
try {
  // Its minute comes while the others run.
  if (wanted("first")) first = await firstRun({ step, person, binary, agent });
  if (wanted("joining")) await onNewServer(joining);
  if (wanted("roles")) await onNewServer(roles);
  await first?.finish();
} catch (error) {
  console.error(error.stack);
  process.exitCode = 1;
} finally {
  await browser.close();
  await first?.stop();
}
