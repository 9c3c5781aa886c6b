// What every script that drives the dashboard in Chromium needs: the browser, a page that remembers
// what must not happen, and what axe has to say.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const WIDTHS = [
  [360, 780],
  [768, 1024],
  [1440, 900],
];

export async function launch() {
  // First the one that has no windows to draw: it is quicker by far.
  const programs = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
  const executablePath =
    process.env.CHROMIUM ?? programs.map((name) => `/usr/bin/${name}`).find(existsSync);
  if (!executablePath) {
    console.error("No Chromium was found: install it, or set CHROMIUM to its path.");
    process.exit(1);
  }
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page that remembers in `faults` everything that must not happen, but for what is `expected`. */
export async function watched(context) {
  const page = await context.newPage();
  page.faults = [];
  page.expected = [];
  page.on("pageerror", (error) => page.faults.push(`exception: ${error.message}`));
  page.on("dialog", (dialog) => {
    page.faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    if (page.expected.some((pattern) => pattern.test(message.text()))) return;
    page.faults.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  return page;
}

/** Loaded, whatever language it speaks: a heading, and no skeleton is left. */
export async function settled(page) {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForFunction(() => !document.querySelector(".mantine-Skeleton-root"));
  await page.evaluate(() => document.fonts.ready);
}

/** By how much the page sticks out of the window sideways. */
export async function sideways(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${name}: the page is ${wide} px wider than the window`);
}

/** What axe finds, WCAG 2.2 included, which it leaves out unless asked. */
export async function findings(page) {
  // Colors that change do so over a frame, however short: it has to have been drawn.
  await page.evaluate(() => new Promise((go) => requestAnimationFrame(() => setTimeout(go))));
  // Through the debugger, because the page's own policy allows no injected script.
  await page.evaluate(`${axe}; undefined`);
  return page.evaluate(async () => {
    const result = await window.axe.run(document, { rules: { "target-size": { enabled: true } } });
    return result.violations.map(
      (v) =>
        `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary}`,
    );
  });
}
