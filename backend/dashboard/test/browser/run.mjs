// The built dashboard in a real browser, against the mock server: every page in both schemes and
// at three widths, with axe (contrast included), without a single policy violation, console error
// or sideways scroll; hostile texts; a dropped socket; a thousand people. `--shots` also writes
// the screenshots to test-results/screenshots/.
//
// Its parts run beside each other, each with a browser of its own: one browser with several visits
// at a time has ended in the middle.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { alertScenarios } from "./alertScenarios.mjs";
import { categoryScenarios } from "./categoryScenarios.mjs";
import { entranceScenarios } from "./entranceScenarios.mjs";
import { hostileEverywhere, largeScreens, nothingJumps } from "./everyPage.mjs";
import { fileScenarios } from "./files.mjs";
import { frameScenarios } from "./frameScenarios.mjs";
import { liveScenarios } from "./liveScenarios.mjs";
import { noteScenarios } from "./noteScenarios.mjs";
import { offlineScenarios } from "./offlineScenarios.mjs";
import { PAGES } from "./pages.mjs";
import { start } from "./server.mjs";
import { settingsScenarios } from "./settingsScenarios.mjs";
import { everyState } from "./states.mjs";
import { findings, launch, sideways, WIDTHS, watched } from "./tools.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const shots = process.argv.includes("--shots") ? `${root}test-results/screenshots/` : null;
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7);
const PARTS = ["light", "dark", "everywhere", "states", "scenarios"];
const part = process.argv.find((argument) => argument.startsWith("--part="))?.slice(7);

if (!existsSync(`${root}dist/index.html`)) {
  console.error("There is no built dashboard: run `npm run build` first.");
  process.exit(1);
}
/** Runs every part at once; the worst exit code of them. */
async function everyPart() {
  const codes = await Promise.all(
    PARTS.map((name) => {
      const args = [...process.argv.slice(1), `--part=${name}`];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
      return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
    }),
  );
  return Math.max(...codes);
}
if (part === undefined && only === undefined) process.exit(await everyPart());
const runs = (name) => part === undefined || part === name;

const browser = await launch();

/** One failure hides no other. */
const failed = [];
async function check(name, work) {
  try {
    const note = await work();
    console.log(`ok    ${name}${note ? `: ${note}` : ""}`);
  } catch (error) {
    failed.push(name);
    console.log(`FAIL  ${name}: ${error.stack}`);
  }
}

async function open(width, height, scheme, locale = "en-GB") {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale,
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
  });
  const page = await watched(context);
  page.setDefaultTimeout(30_000);
  return page;
}

/** Nothing bad so far, nothing sticks out sideways, and axe has nothing to say. */
async function inspect(page, name) {
  assert.deepEqual(page.faults, [], name);
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: `${shots}${name}.png` });
  }
  await sideways(page, name);
  assert.deepEqual(await findings(page), [], name);
}

async function everyPage() {
  for (const [name, spec] of Object.entries(PAGES)) {
    if (only && !name.startsWith(only)) continue;
    for (const scheme of ["light", "dark"].filter(runs)) {
      for (const [width, height] of WIDTHS) {
        // Each scheme and the two extremes; screenshots, and their looks, want all of them.
        if (!shots && width !== (scheme === "light" ? 1440 : 360)) continue;
        await check(`${name}-${scheme}-${width}`, () => onePage(spec, scheme, width, height, name));
      }
    }
  }
}

/** A server of its own and a page at it, both gone afterwards. */
async function visit(spec, scheme, width, height, work) {
  const server = await start(spec.options);
  spec.before?.(server);
  const page = await open(width, height, scheme, spec.locale);
  try {
    page.expected = spec.expected ?? [];
    return await work(page, server, inspect);
  } finally {
    await page.context().close();
    await server.stop();
  }
}

const onePage = (spec, scheme, width, height, name) =>
  visit(spec, scheme, width, height, async (page, server) => {
    await page.goto(server.address + (spec.address ?? "/"));
    await spec.ready(page, server);
    await page.evaluate(() => document.fonts.ready);
    await inspect(page, `${name}-${scheme}-${width}`);
  });

async function scenario(name, options, work) {
  if (!runs("scenarios") || (only && !name.startsWith(only))) return;
  await check(name, async () => {
    const server = await start(options);
    const page = await open(1440, 900, "light");
    try {
      const note = await work(page, server);
      assert.deepEqual(page.faults, [], name);
      return note;
    } finally {
      await page.context().close();
      await server.stop();
    }
  });
}

try {
  await everyPage();
  if (runs("everywhere")) {
    await hostileEverywhere({ only, check, visit });
    await nothingJumps({ only, check, visit });
    await largeScreens({ only, check, visit });
  }

  if (runs("states")) await everyState({ only, check, visit });

  await entranceScenarios(scenario);
  await frameScenarios(scenario);
  await liveScenarios(scenario);
  await offlineScenarios(scenario);
  await alertScenarios(scenario);
  await noteScenarios(scenario);
  await categoryScenarios(scenario);
  await settingsScenarios(scenario);
  await fileScenarios(scenario);
} finally {
  await browser.close();
}
if (failed.length > 0) {
  console.error(`${failed.length} failed: ${failed.join(", ")}`);
  process.exit(1);
}
