// What every page has around it: sections by role, keys, dialogs, changes that are taken back.
import assert from "node:assert/strict";

export async function frameScenarios(scenario) {
  for (const [role, sections, home] of [
    ["admin", ["Live", "People", "Reports", "Alerts", "Projects", "Settings", "Me"], "/live"],
    ["manager", ["Live", "People", "Reports", "Alerts", "Projects", "Me"], "/live"],
    ["employee", ["Me", "Projects", "Alerts"], "/me"],
  ]) {
    await scenario(`navigation of: ${role}`, { role, alerts: false }, async (page, server) => {
      await page.goto(server.address);
      const nav = page.getByRole("navigation", { name: "Main" });
      await nav.waitFor();
      assert.deepEqual(await nav.getByRole("link").allTextContents(), sections);
      assert.equal(new URL(page.url()).pathname, home);
      // By keyboard alone: the skip link, the search, then each section.
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      const search = await page.evaluate(() => document.activeElement.textContent);
      assert.match(search, /^Search and commands/);
      for (const section of sections) {
        await page.keyboard.press("Tab");
        assert.equal(await page.evaluate(() => document.activeElement.textContent), section);
      }
      await page.goto(`${server.address}/settings/audit`);
      await page
        .getByRole("heading", { name: role === "admin" ? "Audit log" : "not for your role" })
        .waitFor();
      if (role !== "admin") {
        assert.ok(!server.mock.requests.includes("GET /api/v1/audit"));
      }
    });
  }

  await scenario(
    "a change of members shows at once, and is taken back when it is refused",
    { role: "admin" },
    async (page, server) => {
      page.expected = [/404/];
      await page.goto(`${server.address}/people/teams/01930000-0000-7000-8000-000000000800`);
      const members = page.getByRole("table", { name: "People" });
      await members.waitFor();
      const { name } = server.mock.world.users[10];
      await page.getByLabel("Add a person").fill(name);
      await page.getByRole("button", { name: `Add ${name}` }).click();
      await members.getByText(name).waitFor();
      server.mock.refuseMembers = true;
      const manages = members.getByRole("checkbox", { name: `${name} manages it` });
      await manages.click();
      await page.getByRole("alert").waitFor();
      await page.waitForFunction((box) => !box.checked, await manages.elementHandle());
    },
  );

  await scenario(
    "a dialog keeps the focus and gives it back",
    { role: "admin" },
    async (page, server) => {
      await page.goto(`${server.address}/people`);
      const button = page.getByRole("button", { name: "Invite somebody" });
      await button.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      for (let i = 0; i < 12; i += 1) {
        await page.keyboard.press("Tab");
        const outside = await page.evaluate(
          () =>
            document.activeElement !== document.body && !document.activeElement.closest("dialog"),
        );
        assert.ok(!outside, "the focus left the dialog");
      }
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal(await button.evaluate((it) => it === document.activeElement), true);
    },
  );

  await scenario("keyboard: skip link, search, theme", {}, async (page, server) => {
    await page.goto(server.address);
    await page.getByText("Up to the second").waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("/");
    await page.keyboard.type("maya");
    await page.getByText("1 of 26 people shown").waitFor({ state: "attached" });
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Account of/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Dark", { exact: true }).click();
    const scheme = () =>
      page.evaluate(() => document.documentElement.getAttribute("data-mantine-color-scheme"));
    assert.equal(await scheme(), "dark");
    await page.reload();
    assert.equal(await scheme(), "dark");
  });

  await scenario("installable as a web app", {}, async (page, server) => {
    await page.goto(server.address);
    await page.getByText("Up to the second").waitFor();
    const chromium = await page.context().newCDPSession(page);
    const { errors, url, data } = await chromium.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    assert.equal(manifest.display, "standalone");
    assert.equal(new URL(manifest.start_url, url).origin, server.address);
    const kinds = manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`);
    for (const kind of ["192x192 any", "512x512 any", "512x512 maskable"]) {
      assert.ok(kinds.includes(kind), `no icon ${kind}`);
    }
    for (const icon of manifest.icons) {
      const answer = await page.request.get(new URL(icon.src, url).href);
      assert.equal(answer.headers()["content-type"], icon.type, icon.src);
      // The width and the height of a PNG stand at its beginning.
      if (icon.type !== "image/png") continue;
      const bytes = await answer.body();
      assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, icon.sizes, icon.src);
    }
    const { installabilityErrors } = await chromium.send("Page.getInstallabilityErrors");
    // The test's browser keeps nothing, which is the only thing that stands against it here.
    assert.deepEqual(
      installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"),
      [],
    );
  });
}
