// An admin at the organization's settings: each section by itself, nothing typed is lost.
import assert from "node:assert/strict";

export async function settingsScenarios(scenario) {
  const admin = { role: "admin" };
  const form = (page, name) => page.getByRole("form", { name, exact: true });
  const save = (section) => section.getByRole("button", { name: "Save" });

  await scenario(
    "organization: another zone is asked about, and its progress is shown to the end",
    admin,
    async (page, server) => {
      await page.goto(`${server.address}/settings`);
      const zone = form(page, "Time zone");
      await zone.getByRole("combobox", { name: "Days begin and end in" }).fill("oslo");
      await page.getByRole("option", { name: "Europe/Oslo" }).click();
      await save(zone).click();
      const dialog = page.getByRole("dialog", { name: "Make all days again in Europe/Oslo?" });
      await dialog.getByRole("button", { name: "Cancel" }).click();
      assert.equal(server.mock.organization.time_zone, "Europe/Berlin");
      await save(zone).click();
      await dialog.getByRole("button", { name: "Make days again" }).click();
      await page.getByText("Days begin and end in Europe/Oslo.").waitFor();
      await zone.getByText("0 of 26 people done.").waitFor();
      server.mock.remade.people_done = 20;
      await zone.getByText("20 of 26 people done.").waitFor();
      server.mock.remade = null;
      await zone.getByText("All days have been made again.").waitFor();
      assert.equal(await page.getByRole("progressbar").count(), 0);
    },
  );

  await scenario(
    "organization: a section that is refused is put back, another is saved all the same",
    admin,
    async (page, server) => {
      page.expected = [/503/, /422/];
      await page.goto(`${server.address}/settings`);
      const alerts = form(page, "Alerts");
      await alerts.getByLabel("No input for").fill("12.5");
      server.mock.refuseSettings = true;
      await save(alerts).click();
      await page.getByRole("alert").waitFor();
      assert.equal(await alerts.getByLabel("No input for").inputValue(), "12.5");
      await alerts.getByRole("button", { name: "Undo" }).click();
      assert.equal(await alerts.getByLabel("No input for").inputValue(), "5");
      // What is switched is switched back.
      const approval = page.getByRole("checkbox", { name: /approves each new device/ });
      await approval.click();
      await page.getByRole("alert").waitFor();
      assert.equal(await approval.isChecked(), false);
      server.mock.refuseSettings = false;
      const joining = form(page, "Joining");
      await joining.getByLabel("Only with these mail domains").fill("nonsense");
      await save(joining).click();
      await joining.getByText(/must be at most 50 mail domains/).waitFor();
      const focused = await page.evaluate(() => document.activeElement.tagName);
      assert.equal(focused, "TEXTAREA");
      await alerts.getByLabel("Long day after").fill("8.5");
      await save(alerts).click();
      await alerts.getByText("Saved.").waitFor();
      assert.equal(server.mock.settings.overtime_alert_seconds, 30_600);
      assert.equal(server.mock.settings.idle_alert_seconds, 300);
      // What was refused elsewhere is still in its field.
      assert.equal(
        await joining.getByLabel("Only with these mail domains").inputValue(),
        "nonsense",
      );
    },
  );

  await scenario("organization: quiet hours by keyboard alone", admin, async (page, server) => {
    await page.goto(`${server.address}/settings`);
    const quiet = form(page, "Quiet hours");
    await quiet.getByText("Monday to Friday, 20:00 until 07:00 on the next day").waitFor();
    await quiet.getByText("Saturday and Sunday, the whole day").waitFor();
    await quiet.getByRole("button", { name: "Remove quiet hours 2" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    const added = quiet.getByRole("listitem", { name: "Quiet hours 2" });
    await page.waitForFunction(() => document.activeElement.type === "checkbox");
    // Monday to Thursday off, Friday stays, Sunday on.
    for (let i = 0; i < 4; i += 1) {
      await page.keyboard.press("Space");
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await added.getByLabel("Until").fill("00:00");
    await added.getByText("Friday and Sunday, 20:00 until midnight").waitFor();
    await added.getByLabel("Until").press("Enter");
    await quiet.getByText("Saved.").waitFor();
    assert.deepEqual(server.mock.settings.quiet_hours[1], {
      weekdays: ["friday", "sunday"],
      from: "20:00",
      to: "24:00",
    });
    await page.reload();
    await quiet.getByText("Friday and Sunday, 20:00 until midnight").waitFor();
  });

  await scenario(
    "webhooks: made, its secret shown once, tried out, turned off and deleted",
    admin,
    async (page, server) => {
      page.expected = [/422/];
      await page.goto(`${server.address}/settings/webhooks`);
      await page.getByRole("button", { name: "New webhook" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Address").fill("http://chat.example");
      await dialog.getByRole("checkbox", { name: "A session starts" }).check();
      await dialog.getByRole("button", { name: "Make webhook" }).click();
      await dialog.getByText("Address must begin with https://").waitFor();
      assert.equal(
        await dialog.getByLabel("Address").evaluate((it) => it === document.activeElement),
        true,
      );
      await dialog.getByLabel("Address").fill("https://chat.example/in");
      await dialog.getByLabel("What it is for").fill("Chat");
      await page.keyboard.press("Enter");
      const secret = await dialog.getByLabel("Secret").inputValue();
      assert.match(secret, /^whsec_/);
      await dialog.getByRole("button", { name: "Go to the webhook" }).click();
      await page.getByRole("heading", { name: "Chat" }).waitFor();
      assert.ok(!(await page.content()).includes(secret), "the secret is still on the page");
      await page.getByText("No message yet").waitFor();
      await page.getByRole("button", { name: "Send a test" }).click();
      const log = page.getByRole("table", { name: "Messages" });
      await log.getByText("Waits").waitFor();
      // By itself, without another click.
      await log.getByText("Taken").waitFor();
      await log.getByText("Answered 200").waitFor();
      await page.getByRole("button", { name: "Turn off" }).click();
      await page.getByText("An admin turned it off.").waitFor();
      assert.equal(await log.getByRole("button", { name: /^Send again/ }).count(), 0);
      await page.getByRole("button", { name: "Delete" }).click();
      await dialog.getByRole("button", { name: "Delete" }).click();
      await page.getByRole("table", { name: "Webhooks" }).waitFor();
      assert.equal(await page.getByText("chat.example/in").count(), 0);
    },
  );

  await scenario(
    "webhooks: the log is read page by page, and a message is sent again",
    admin,
    async (page, server) => {
      page.expected = [/409/, /503/];
      await page.goto(`${server.address}/settings/webhooks`);
      await page.getByRole("link", { name: "Rota" }).click();
      const log = page.getByRole("table", { name: "Messages" });
      await log.waitFor();
      assert.equal(await log.getByRole("row").count(), 26);
      await page.getByRole("button", { name: "Show more" }).click();
      await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 50);
      await log.getByText("No answer within 15 seconds").waitFor();
      server.mock.refuseAgain = true;
      const waiting = () => log.getByText("Waits", { exact: true }).count();
      const before = await waiting();
      await log
        .getByRole("button", { name: /^Send again/ })
        .first()
        .click();
      await page.getByText("It was not queued again").waitFor();
      await page.waitForFunction(
        (count) =>
          [...document.querySelectorAll("tbody td")].filter((it) => /Waits/.test(it.textContent))
            .length === count,
        before,
      );
      server.mock.refuseWebhooks = true;
      await page.getByRole("button", { name: "Turn off" }).click();
      await page.getByText("It is as it was before").waitFor();
      await page.getByText("Nothing has been taken since then.", { exact: false }).waitFor();
      server.mock.refuseWebhooks = false;
      await page.getByRole("button", { name: "Change" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("What it is for").fill("Rota of the night shift");
      await dialog.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "Rota of the night shift" }).waitFor();
      assert.equal(server.mock.webhooks.list[1].kinds.length, 6);
      await page.getByRole("button", { name: "New secret" }).click();
      await dialog.getByRole("button", { name: "New secret" }).click();
      assert.match(await dialog.getByLabel("Secret").inputValue(), /^whsec_/);
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.getByText("The old secret signs as well until").waitFor();
    },
  );

  await scenario(
    "jobs: what needs a look is said, followed, and kept while the server is away",
    admin,
    async (page, server) => {
      page.expected = [/503/];
      await page.goto(`${server.address}/settings`);
      await page
        .getByRole("navigation", { name: "Sections" })
        .getByRole("link", { name: "Jobs" })
        .click();
      await page.getByText(/^2 jobs need a look/).waitFor();
      const first = page
        .getByRole("table", { name: "For the whole server" })
        .getByRole("row")
        .nth(1);
      await first.getByText("Follow new categories").waitFor();
      await first.getByText("Is behind").waitFor();
      server.mock.jobs = server.mock.jobs.map((job) => ({
        ...job,
        waiting_since: null,
        last_run: server.mock.jobs[1].last_run,
      }));
      // By itself.
      await page.getByText("Everything runs as it should.").waitFor({ timeout: 25_000 });
      server.mock.jobsFail = true;
      await page.getByRole("alert").waitFor({ timeout: 30_000 });
      await page.getByText(/what you see is from/).waitFor();
      server.mock.jobsFail = false;
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("alert").waitFor({ state: "detached" });
    },
  );
}
