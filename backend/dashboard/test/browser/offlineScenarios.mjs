// Without a network: every address keeps the frame and says what it shows and how old that is, or
// that it has nothing yet. When the network comes back, so does everything that happened meanwhile.
import assert from "node:assert/strict";

const PERSON = "/people/01930000-0000-7000-8000-000000000003";
const TEAM = "/people/teams/01930000-0000-7000-8000-000000000800";
const ADDRESSES = [
  ...["/live", "/people", PERSON, `${PERSON}/day`, `${PERSON}/weeks`, `${PERSON}/looks`],
  ...["/people/teams", TEAM, `${TEAM}/policy`, "/people/invitations", "/people/devices"],
  ...["/people/enrolment", "/reports", "/reports?by=day", "/reports/attendance"],
  ...["/reports/completeness", "/reports/files", "/alerts", "/alerts/notes", "/projects"],
  ...["/projects/01930000-0000-7000-8000-000000000810", "/settings", "/settings/policy"],
  ...["/settings/categories", "/settings/webhooks", "/settings/jobs", "/settings/audit"],
  ...["/me", "/me/weeks", "/me/privacy", "/me/looks", "/me/account", "/start"],
];

/** As a link does, without one. */
const open = (page, address) =>
  page.evaluate((to) => {
    window.history.pushState({}, "", to);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, address);

/** The palette's script is the last that is fetched ahead. */
const everyScript = (page) =>
  page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.includes("/assets/Palette-")),
  );

const offline = (page) => page.getByText("You are offline.");

export async function offlineScenarios(scenario) {
  await scenario(
    "offline, every address keeps the frame and says how it stands",
    { role: "admin" },
    async (page, server) => {
      page.expected = [/ERR_INTERNET_DISCONNECTED/, /WebSocket/];
      await page.goto(`${server.address}/people`);
      await page.getByRole("table").waitFor();
      await everyScript(page);
      await page.context().setOffline(true);
      await offline(page).waitFor();
      await page.evaluate(() => {
        window.stood = true;
      });
      for (const address of ADDRESSES) {
        await open(page, address);
        await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
        if (address !== "/live") await offline(page).waitFor();
        assert.equal(await page.getByRole("navigation", { name: "Main" }).count(), 1, address);
        // Something in words: what was seen before, or that there is nothing yet.
        const words = await page.getByRole("main").textContent();
        assert.ok(words.length > 60, `${address}: ${words}`);
        assert.equal(await page.getByText("This page could not be shown").count(), 0, address);
      }
      // The very window that it was: nothing was loaded anew.
      assert.equal(await page.evaluate(() => window.stood), true);
      await open(page, "/settings/audit");
      await page.getByText("You are offline, and this was not opened before.").waitFor();
      await page.context().setOffline(false);
      await page.getByRole("table", { name: "Audit log" }).waitFor();
      await offline(page).waitFor({ state: "detached" });
      return `${ADDRESSES.length} addresses`;
    },
  );

  await scenario(
    "the network comes back, and with it what happened meanwhile",
    { role: "manager" },
    async (page, server) => {
      page.expected = [/ERR_INTERNET_DISCONNECTED/, /WebSocket/];
      // A clock that can be moved on; it goes as any other does.
      await page.clock.install();
      await page.goto(`${server.address}/alerts`);
      const alerts = page.getByRole("list", { name: "Alerts" });
      await alerts.waitFor();
      const before = await alerts.getByRole("listitem").count();
      await page.context().setOffline(true);
      // The socket that is open does not notice by itself that its network is gone.
      server.cut();
      await offline(page).waitFor();
      await page.getByText(/What you see is from \d\d:\d\d\./).waitFor();
      await page.clock.fastForward("07:00");
      await page.getByText("That is 7 min ago.").waitFor();
      assert.equal(await alerts.getByRole("listitem").count(), before, "what was seen stays");

      const { name } = server.mock.people[6];
      server.alert({ user_id: server.mock.people[6].user_id, user_name: name });
      server.push(0, { application: "Blender" });
      assert.equal(await alerts.getByRole("listitem").count(), before);

      await page.context().setOffline(false);
      await offline(page).waitFor({ state: "detached" });
      await page.waitForFunction(
        (rows) => document.querySelectorAll('ul[aria-label="Alerts"] > li').length === rows,
        before + 1,
      );
      // Told as every other that arrives, too.
      await page.getByRole("button", { name: "Dismiss" }).waitFor();
      await page.getByRole("navigation").getByRole("link", { name: "Live" }).click();
      await page.getByText("Up to the second").waitFor();
      const row = page.getByRole("row", { name: server.mock.people[0].name, exact: true });
      await row.getByText("Blender").waitFor();
    },
  );

  await scenario(
    "a page whose script cannot be loaded is told inside the frame, and comes later",
    { role: "admin" },
    async (page, server) => {
      page.expected = [/ERR_FAILED/, /ERR_INTERNET_DISCONNECTED/, /WebSocket/, /dynamically/];
      // Nothing is fetched ahead: somebody pays for each byte.
      await page.addInitScript(() => {
        Object.defineProperty(navigator, "connection", { value: { saveData: true } });
      });
      await page.goto(`${server.address}/people`);
      await page.getByRole("table").waitFor();
      await page.context().setOffline(true);
      await offline(page).waitFor();
      await page.getByRole("link", { name: "Reports" }).click();
      await page.getByRole("heading", { name: "This page could not be shown" }).waitFor();
      assert.equal(await page.getByRole("navigation", { name: "Main" }).count(), 1);
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").getByText("The server cannot be reached").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("link", { name: "People" }).click();
      await page.getByRole("table").waitFor();
      await page.getByRole("link", { name: "Reports" }).click();
      await page.getByRole("heading", { name: "This page could not be shown" }).waitFor();
      await page.context().setOffline(false);
      await page.getByRole("table", { name: "All rows" }).waitFor();
    },
  );
}
