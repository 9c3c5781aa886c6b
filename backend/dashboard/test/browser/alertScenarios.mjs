// Alerts as a manager meets them: told as they arrive, none missed, resolved by keyboard alone.
import assert from "node:assert/strict";

const inbox = (page) => page.getByRole("list", { name: "Alerts" });
const count = (page, text) => page.getByText(text, { exact: true }).waitFor({ state: "attached" });

export async function alertScenarios(scenario) {
  await scenario("alerts arrive, and none is missed over a drop", {}, async (page, server) => {
    await page.goto(server.address);
    await page.getByText("Up to the second").waitFor();
    await count(page, "3 open");
    const told = page.getByRole("status", { name: "New alerts" });
    assert.equal(await told.textContent(), "");
    const [, , , , , , , , eighth, ninth] = server.mock.people;
    server.alert({ user_id: eighth.user_id, user_name: eighth.name });
    await told.getByText(eighth.name).waitFor();
    await count(page, "4 open");
    server.cut();
    server.alert({ user_id: ninth.user_id, user_name: ninth.name });
    await told.getByText(ninth.name).waitFor();
    await count(page, "5 open");
    // The log begins anew, and says nothing of what happened.
    server.mock.alerts = server.mock.alerts.slice(2);
    server.reset();
    await count(page, "3 open");
    assert.equal(await told.textContent(), "");
    server.alert({ user_id: eighth.user_id, user_name: eighth.name });
    await told.getByRole("link", { name: "Show alerts" }).click();
    await inbox(page).getByRole("link", { name: eighth.name }).first().waitFor();
  });

  await scenario(
    "alerts are resolved by keyboard alone, and the filters stand in the address",
    {},
    async (page, server) => {
      await page.goto(`${server.address}/alerts`);
      const boxes = inbox(page).getByRole("checkbox");
      await boxes.first().focus();
      await page.keyboard.press("Space");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Space");
      await page.getByText("2 selected").waitFor();
      await page.keyboard.press("r");
      await page.getByRole("dialog").getByLabel("Note").waitFor();
      await page.getByRole("dialog").getByLabel("Note").fill("Both at the fair.");
      await page.keyboard.press("Control+Enter");
      await page.getByText("2 alerts resolved.").waitFor();
      await count(page, "1 open");
      assert.equal(await inbox(page).getByRole("listitem").count(), 1);
      await page.getByText("Resolved", { exact: true }).click();
      await page.getByText("Both at the fair.").first().waitFor();
      await page.getByLabel("About").selectOption("overtime");
      await page.getByText("Both at the fair.").first().waitFor({ state: "detached" });
      assert.equal(new URL(page.url()).search, "?state=resolved&kind=overtime");
      await page.reload();
      await inbox(page).getByText("Ended by itself: the day is over").waitFor();
    },
  );

  await scenario("alerts of a long inbox are read page by page", {}, async (page, server) => {
    server.mock.alertPage = 2;
    await page.goto(`${server.address}/alerts?state=all`);
    await inbox(page).waitFor();
    assert.equal(await inbox(page).getByRole("listitem").count(), 2);
    await page.getByRole("button", { name: "Show more" }).click();
    await inbox(page).getByRole("listitem").nth(3).waitFor();
    assert.equal(await inbox(page).getByRole("listitem").count(), 4);
  });

  await scenario(
    "alerts whose resolution is refused come back, and offline nothing is lost",
    {},
    async (page, server) => {
      page.expected = [/409/, /ERR_INTERNET_DISCONNECTED/, /WebSocket/];
      await page.goto(`${server.address}/alerts`);
      server.mock.refuseAlerts = true;
      const first = inbox(page).getByRole("listitem").first();
      const name = await first.getByRole("link").textContent();
      await first.getByRole("button").click();
      await page.getByRole("dialog").getByRole("button", { name: "Resolve" }).click();
      await page.getByText("It stands as before.").waitFor();
      assert.equal(await inbox(page).getByRole("link", { name }).count(), 1);
      await page.context().setOffline(true);
      await page.getByText("You are offline.").waitFor();
      await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
      await page.getByText("The server cannot be reached", { exact: false }).first().waitFor();
      assert.equal(await inbox(page).getByRole("link", { name }).count(), 1);
      server.mock.refuseAlerts = false;
      await page.context().setOffline(false);
      await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
      await page.getByText("One alert resolved.").waitFor();
    },
  );
}
