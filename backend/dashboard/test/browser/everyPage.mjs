// What is looked for on every page: three hundred hostile texts that stay texts, and that nothing
// jumps while answers arrive one by one. On the largest: how they use a screen of 3840 pixels.
import assert from "node:assert/strict";
import { hostileTexts } from "./hostileTexts.mjs";
import { PAGES } from "./pages.mjs";
import { plainPages } from "./plainPages.mjs";
import { settled, sideways } from "./tools.mjs";

/** Above it people notice; Chromium's own measure of a whole visit. */
const SHIFT_BOUND = 0.05;

/** The texts that stand somewhere on the page, each whole and unchanged. */
const shownOf = (page, texts) =>
  page.evaluate((wanted) => {
    const have = new Set();
    for (const one of document.querySelectorAll("body *")) {
      if (one.childElementCount === 0) have.add(one.textContent);
      if (one.tagName === "BDI" || one.tagName === "OPTION") have.add(one.textContent);
      if ("value" in one && typeof one.value === "string") have.add(one.value);
    }
    return wanted.filter((text) => have.has(text) || have.has(text.trim()));
  }, texts);

export async function hostileEverywhere({ check, only, visit }) {
  const texts = hostileTexts();
  assert.equal(new Set(texts).size, 300);
  const seen = new Set();
  for (const [name, spec] of plainPages()) {
    const what = `300 hostile texts: ${name}`;
    if (only && !what.startsWith(only)) continue;
    const options = { ...spec.options, texts };
    // A busy page may be left before its socket was open.
    const expected = [/WebSocket is closed before/];
    await check(what, () =>
      visit({ ...spec, options, expected }, "light", 1440, 900, async (page, server) => {
        // Three hundred rows take their time on a busy machine.
        page.setDefaultTimeout(60_000);
        await page.goto(server.address + spec.address);
        await settled(page);
        await spec.ready(page, server);
        const shown = await shownOf(page, [...server.sent]);
        for (const text of shown) seen.add(text);
        await sideways(page, what);
        const strange = page.locator("img, iframe, object, script:not([src]), main style, marquee");
        assert.equal(await strange.count(), 0, "a text became an element");
        assert.deepEqual(page.faults, []);
        return `${shown.length} of ${server.sent.size} shown as they are`;
      }),
    );
  }
  // Of some pages only, most are not shown anywhere.
  if (only && !"300 hostile texts".startsWith(only)) return;
  await check("300 hostile texts: each was shown somewhere as it is", () => {
    const missing = texts.filter((text) => !seen.has(text));
    assert.deepEqual(missing, []);
  });
}

/** The same for the same path, and answers of one page never come together. */
function slowly(path) {
  let sum = 0;
  for (const letter of path) sum = (sum * 31 + letter.codePointAt(0)) % 997;
  return 40 + (sum % 300);
}

export async function nothingJumps({ check, only, visit }) {
  for (const [name, spec] of [["live", { address: "/live" }], ...plainPages()]) {
    for (const [width, height] of [
      [360, 780],
      [1440, 900],
    ]) {
      const what = `layout shift: ${name}-${width}`;
      if (only && !what.startsWith(only)) continue;
      await check(what, () =>
        visit(spec, "light", width, height, async (page, server) => {
          page.setDefaultTimeout(60_000);
          server.mock.delay = slowly;
          await page.addInitScript(() => {
            window.shifts = [];
            new PerformanceObserver((list) => {
              for (const shift of list.getEntries()) {
                if (shift.hadRecentInput) continue;
                const moved = shift.sources.map(({ node, previousRect: a, currentRect: b }) => {
                  const element = node?.nodeType === 1 ? node : node?.parentElement;
                  const words = element?.textContent?.trim().slice(0, 30);
                  return `${element?.tagName}.${element?.className} "${words}" ${a.y} → ${b.y}`;
                });
                window.shifts.push({ value: shift.value, moved });
              }
            }).observe({ type: "layout-shift", buffered: true });
          });
          await page.goto(server.address + spec.address);
          await settled(page);
          await page.waitForLoadState("networkidle");
          await settled(page);
          const shifts = await page.evaluate(() => window.shifts);
          const sum = shifts.reduce((all, { value }) => all + value, 0);
          const told = shifts.map(({ value, moved }) => `${value.toFixed(3)} ${moved.join("; ")}`);
          assert.ok(sum <= SHIFT_BOUND, `${sum.toFixed(3)}\n${told.join("\n")}`);
          return sum.toFixed(3);
        }),
      );
    }
  }
}

/** Pages that have the most to lay out. */
const LARGE = ["live", "person-day", "person-month", "reports", "alerts", "policy"];

export async function largeScreens({ check, only, visit }) {
  for (const name of LARGE) {
    const what = `screen of 3840 pixels: ${name}`;
    if (only && !what.startsWith(only)) continue;
    const spec = PAGES[name];
    await check(what, () =>
      visit(spec, "light", 3840, 2160, async (page, server) => {
        await page.goto(server.address + (spec.address ?? "/"));
        await spec.ready(page, server);
        await sideways(page, what);
        assert.deepEqual(page.faults, []);
        // A line that is read over a whole such screen is lost on the way.
        const longest = await page.evaluate(() =>
          Math.max(
            0,
            ...[...document.querySelectorAll("main p")].map((p) => {
              const range = document.createRange();
              range.selectNodeContents(p);
              return range.getBoundingClientRect().width;
            }),
          ),
        );
        assert.ok(longest < 1100, `a paragraph is ${Math.round(longest)} px wide`);
        // Neither may the figures of a row drift from the name that they belong to.
        const widest = await page.evaluate(() =>
          Math.max(0, ...[...document.querySelectorAll("main table")].map((it) => it.clientWidth)),
        );
        assert.ok(widest < 2000, `a table is ${widest} px wide`);
        return `widest paragraph ${Math.round(longest)} px, widest table ${widest} px`;
      }),
    );
  }
}
