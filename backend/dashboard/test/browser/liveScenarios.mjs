// The live page over time: events, drops, who falls out of sight, and how much it bears.
import assert from "node:assert/strict";
import { HOSTILE } from "./people.mjs";

const row = (page, name) => page.getByRole("row", { name, exact: true });

export async function liveScenarios(scenario) {
  await scenario(
    "who falls out of sight disappears, by a reset and by a cut socket",
    {},
    async (page, server) => {
      await page.goto(server.address);
      await page.getByText("Up to the second").waitFor();
      const [first, second] = server.mock.people;
      await row(page, first.name).waitFor();
      server.mock.people = server.mock.people.slice(1);
      server.reset();
      await row(page, first.name).waitFor({ state: "detached" });
      await row(page, second.name).waitFor();
      server.mock.people = server.mock.people.slice(1);
      server.cut(1008);
      await row(page, second.name).waitFor({ state: "detached" });
      await page.getByText("Up to the second").waitFor();
    },
  );

  await scenario("events arrive, and none is missed over a drop", {}, async (page, server) => {
    await page.goto(server.address);
    await page.getByText("Up to the second").waitFor();
    const { name } = server.mock.people[0];
    server.push(0, { status: "active", reason: null, application: "Blender" });
    await row(page, name).getByText("Blender").waitFor();
    server.cut();
    server.push(0, { application: "Inkscape" });
    await row(page, name).getByText("Inkscape").waitFor();
    assert.ok(server.mock.requests.includes("WS /api/v1/ws?after=101"));
    server.mock.people[0] = { ...server.mock.people[0], application: "Krita" };
    server.reset();
    await row(page, name).getByText("Krita").waitFor();
    assert.equal(server.mock.requests.filter((r) => r === "GET /api/v1/me").length, 1);
  });

  await scenario(
    "three hundred hostile texts",
    { hostile: true, people: 300 },
    async (page, server) => {
      await page.goto(server.address);
      await page.getByText("Up to the second").waitFor();
      for (let i = 0; i < 300; i += 1) {
        server.push(i, { application: `${HOSTILE[i % HOSTILE.length]} ${i}`.slice(0, 256) });
      }
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      for (let y = 0; y < height; y += 700) {
        await page.evaluate((to) => window.scrollTo(0, to), y);
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        );
        assert.ok(wide <= 0, `${wide} px too wide at ${y}`);
      }
      const shown = await page
        .locator("[data-user-id]")
        .evaluateAll((rows) =>
          rows.map((r) => [r.dataset.userId, r.querySelector("bdi").textContent]),
        );
      for (const [id, text] of shown) {
        assert.equal(text, server.mock.people.find((p) => p.user_id === id).name);
      }
      assert.equal(await page.locator("img, script:not([src]), iframe").count(), 0);
    },
  );

  await scenario("a year, day by day", { people: 1000 }, async (page, server) => {
    await page.addInitScript(() => {
      // The frame after the one in which rows and chart stood.
      const look = () => {
        const there = document.querySelector('table[aria-label="All rows"] tbody tr:nth-child(20)');
        if (!there) return requestAnimationFrame(look);
        return requestAnimationFrame(() => {
          window.drawn = performance.now();
        });
      };
      requestAnimationFrame(look);
    });
    const day = (at) => new Date(at).toISOString().slice(0, 10);
    const today = Date.now();
    const from = day(today - 364 * 24 * 3_600_000);
    await page.goto(`${server.address}/reports?from=${from}&to=${day(today)}&by=day`);
    await page.waitForFunction(() => window.drawn !== undefined);
    const millis = await page.evaluate(() => {
      const answers = performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.includes("/api/v1/reports?") && name.includes("group_by=day"));
      return Math.round(window.drawn - Math.max(...answers.map((one) => one.responseEnd)));
    });
    assert.ok(millis >= 0, "its data had arrived");
    return `drawn ${millis} ms after its data arrived`;
  });

  await scenario(
    "a thousand people, a hundred changes a second",
    { people: 1000 },
    async (page, server) => {
      const began = Date.now();
      await page.goto(server.address);
      await page.getByRole("row").nth(5).waitFor();
      const interactive = Date.now() - began;
      assert.ok((await page.getByRole("row").count()) < 60);
      await page.evaluate(() => {
        window.longest = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            window.longest = Math.max(window.longest, entry.duration);
        }).observe({ type: "longtask" });
      });
      const until = Date.now() + 4000;
      for (let i = 0; Date.now() < until; i += 1) {
        for (let k = 0; k < 10; k += 1)
          server.push((i * 10 + k) % 1000, { application: `App ${i}` });
        await page.mouse.wheel(0, 400);
        await new Promise((go) => setTimeout(go, 100));
      }
      const longest = await page.evaluate(() => window.longest);
      const last = server.mock.people.find((p) => p.application?.startsWith("App"));
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.getByLabel("Search people and applications").fill(last.name);
      await row(page, last.name).waitFor();
      return `rows after ${interactive} ms, longest task ${Math.round(longest)} ms`;
    },
  );
}
