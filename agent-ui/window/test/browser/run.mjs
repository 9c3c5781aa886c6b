// The built page in a real browser, with a program behind it that lives in memory: every page in
// each of its states, in both schemes and at three widths, with axe (contrast included), without a
// console error, a policy violation or a sideways scroll. `--shots` writes screenshots to
// test-results/screenshots/, `--only=today` looks at one page.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
const shots = process.argv.includes("--shots") ? `${root}test-results/screenshots/` : null;
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [
  [360, 640],
  [560, 640],
  [920, 680],
];
/** What the app itself allows the page. */
const config = JSON.parse(readFileSync(join(root, "../tauri.conf.json"), "utf8"));
const CSP = config.app.security.csp;
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** Page, state, and what must be there before it is looked at. */
const PAGES = [
  ["first", "new=1", "", (page) => page.getByLabel("Server address")],
  ["notice", "unread=1", "", (page) => page.getByText("Window titles")],
  ["broken", "broken=1", "", (page) => page.getByRole("button", { name: "Try again" })],
  ["loading", "silent=1", "", (page) => page.getByRole("status")],
  ["today", "", "today", (page) => page.getByRole("slider")],
  [
    "today-returned",
    "returned=1",
    "today",
    (page) => page.getByRole("button", { name: "A break" }),
  ],
  ["today-empty", "empty=1", "today", (page) => page.getByText("Nothing has been recorded today")],
  ["today-stopped", "stopped=1", "today", (page) => page.getByText("is not running, so")],
  ["data", "", "data", (page) => page.getByText("IT, on the server")],
  ["data-offline", "offline=1", "data", (page) => page.getByText("Who looked is known to")],
  ["data-empty", "empty=1", "data", (page) => page.getByText("Nobody has looked")],
  ["days", "", "days", (page) => page.getByRole("link", { name: /Monday/ })],
  ["days-offline", "offline=1", "days", (page) => page.getByText("Your days are on the server")],
  ["days-empty", "empty=1", "days", (page) => page.getByText("has no days of yours")],
  ["day", "", "days/2026-11-24", (page) => page.getByText("Stand-up with the pier team")],
  ["day-empty", "empty=1", "days/2026-11-24", (page) => page.getByText("Nothing was recorded on")],
  ["settings", "", "settings", (page) => page.getByText("Sessions begin by themselves")],
  ["diagnosis", "", "diagnosis", (page) => page.getByText("1 h 10 min ago")],
];

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, "http://x").pathname).replace(/^\/+/, "");
  const file = join(root, "dist-fake", path === "" ? "index.html" : path);
  if (!file.startsWith(join(root, "dist-fake")) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-security-policy": CSP,
  });
  response.end(readFileSync(file));
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const address = `http://127.0.0.1:${server.address().port}/`;

const executablePath =
  process.env.CHROMIUM ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (!executablePath) {
  console.error("No Chromium was found: install it, or set CHROMIUM to its path.");
  process.exit(1);
}
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});

async function inspect(scheme, [width, height], [name, query, hash, ready]) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
  });
  const faults = [];
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
    page.on("dialog", (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
    });
    await page.clock.install({ time: new Date("2026-11-24T14:30:00Z") });
    await page.goto(`${address}?${query}#${hash}`);
    await ready(page).first().waitFor({ state: "attached" });
    if (shots) {
      mkdirSync(shots, { recursive: true });
      await page.screenshot({ path: `${shots}${name}-${scheme}-${width}.png` });
    }
    assert.deepEqual(faults, []);
    const wide = await page.evaluate(() =>
      Math.max(
        document.documentElement.scrollWidth - window.innerWidth,
        ...[...document.querySelectorAll("main")].map((it) => it.scrollWidth - it.clientWidth),
      ),
    );
    assert.ok(wide <= 0, `the page is ${wide} px wider than the window`);
    await page.clock.runFor(100);
    await page.evaluate(`${axe}; undefined`);
    const violations = await page.evaluate(async () => {
      const result = await window.axe.run(document);
      return result.violations.map(
        (v) => `${v.id}: ${v.nodes[0].html} ${v.nodes[0].failureSummary}`,
      );
    });
    assert.deepEqual(violations, []);
  } finally {
    await context.close();
  }
}

let failed = 0;
let passed = 0;
for (const spec of PAGES) {
  if (only && !spec[0].startsWith(only)) continue;
  for (const scheme of ["light", "dark"]) {
    for (const size of WIDTHS) {
      // The two extremes; screenshots, and their looks, want all of them.
      if (!shots && size[0] !== (scheme === "light" ? 920 : 360)) continue;
      const name = `${spec[0]}-${scheme}-${size[0]}`;
      try {
        await inspect(scheme, size, spec);
        passed += 1;
        console.log(`ok    ${name}`);
      } catch (error) {
        failed += 1;
        console.log(`FAIL  ${name}: ${error.stack}`);
      }
    }
  }
}
await browser.close();
server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
