// Every page while it loads, when the server fails, and where there is nothing yet: made from the
// pages of `pages.mjs` by a switch of the mock server, so that a new page is looked at, too.
import assert from "node:assert/strict";
import { plainPages } from "./plainPages.mjs";
import { settled, sideways } from "./tools.mjs";

/** Pages that ask for nothing of their own before somebody does something. */
const WITHOUT = new Set(["start"]);

const main = (page) => page.getByRole("main");

/**
 * In the page: what failed is asked for again after a second and after two, which a person waits
 * out before the failure is told.
 */
function asksAgainAtOnce() {
  const later = window.setTimeout;
  window.setTimeout = (work, millis, ...more) =>
    later(work, millis === 1000 || millis === 2000 ? 10 : millis, ...more);
}

/** The frame of the page is there, and says that more comes. */
async function loads(page) {
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await main(page).getByText("Loading").first().waitFor({ state: "attached" });
}

/** What failed is told, and the page's own buttons bring all of it. */
async function comesAgain(page, spec, server) {
  server.become(null);
  const again = main(page).getByRole("button", { name: "Try again" });
  assert.ok((await again.count()) > 0, "a failed page can be tried again");
  while ((await again.count()) > 0) {
    await again.first().click();
    await settled(page);
  }
  assert.equal(await main(page).getByRole("alert").count(), 0, "a problem stays");
  await spec.ready(page, server);
}

/** Where everything stands that somebody reads or presses. */
const places = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("main :is(h1, h2, p, a, button, input, select, tr, li)")].map(
      (one) => {
        const { x, y } = one.getBoundingClientRect();
        return `${one.tagName} ${one.textContent.trim().slice(0, 24)} ${Math.round(x)} ${Math.round(y)}`;
      },
    ),
  );

/** Everybody is asked for again only after a while. */
const KEPT = new Set(["people"]);

/** What was there stays where it is when it cannot be brought up to date, and that is said once. */
async function nothingMoves(page, server) {
  await settled(page);
  const before = await places(page);
  server.become("fail");
  await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  const note = page.getByRole("alert").getByText("Not brought up to date");
  await note.first().waitFor();
  assert.equal(await note.count(), 1, "it is said more than once");
  assert.deepEqual(await places(page), before, "the page moved");
  server.become(null);
  // Below an open dialog nothing can be pressed.
  if ((await page.locator("dialog[open]").count()) > 0) return;
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await note.waitFor({ state: "detached" });
}

/** Nothing failed, no skeleton stays, and no list, table or section stands there without a word. */
async function saysNothingIsThere(page) {
  await settled(page);
  assert.equal(await main(page).getByRole("alert").count(), 0, "the page reports a problem");
  const bare = await page.evaluate(() =>
    [...document.querySelectorAll("main ul, main ol, main table")]
      .filter((list) => !list.querySelector("li, tbody tr"))
      .map((list) => list.outerHTML.slice(0, 160)),
  );
  assert.deepEqual(bare, []);
  // Below its title and what stands beside it.
  const silent = await page.evaluate(() =>
    [...document.querySelectorAll("main section")]
      .filter((one) => one.querySelector(":scope > :first-child h2"))
      .filter((one) => [...one.children].slice(1).every((part) => part.textContent.trim() === ""))
      .map((one) => one.querySelector("h2").textContent),
  );
  assert.deepEqual(silent, [], "sections that say nothing");
}

export async function everyState({ only, check, visit }) {
  for (const [name, spec] of plainPages()) {
    const what = `states: ${name}`;
    if (WITHOUT.has(name) || (only && !what.startsWith(only))) continue;
    // A busy page may be left before its socket was open.
    const expected = [/503/, /WebSocket is closed before/];
    await check(what, () =>
      visit({ ...spec, expected }, "light", 360, 780, async (page, server, inspect) => {
        await page.addInitScript(asksAgainAtOnce);
        server.become("hang");
        await page.goto(server.address + spec.address);
        await loads(page);
        await sideways(page, `${name}-loads`);
        server.become("fail");
        await main(page).getByRole("alert").first().waitFor();
        await sideways(page, `${name}-fails`);
        await comesAgain(page, spec, server);
        if (!KEPT.has(name)) await nothingMoves(page, server);
        server.become("empty");
        await page.reload();
        await saysNothingIsThere(page);
        await inspect(page, `${name}-empty`);
      }),
    );
  }
}
