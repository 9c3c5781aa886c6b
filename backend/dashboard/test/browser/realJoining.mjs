// Joining by a link, roles, a reset, hostile names, and being cut off: an admin and an employee of a
// new organization, in whose names and texts stands what must stay text.
import assert from "node:assert/strict";
import { HOSTILE } from "./people.mjs";
import { realSteps } from "./realSteps.mjs";

const secret = (link) => new URL(link).hash.slice("#token=".length);

export async function joining({ step, person, server }) {
  const { address } = server;
  const seen = [];
  // They try what is refused, and browsers write each refusal down.
  const expected = [/Failed to load resource: the server responded with a status of 4\d\d/];
  const admin = await person({ expected });
  const employee = await person({ expected });
  const nav = (page) => page.getByRole("navigation", { name: "Main" });

  await step("set up the server", async () => {
    await admin.goto(address);
    await admin.getByLabel("Organization name").fill("Fjord <b>& Söhne</b>");
    await admin.getByLabel("Your name").fill("Ingrid Solberg");
    await admin.getByLabel("E-mail").fill("ingrid@fjord.example");
    await admin.getByLabel("Password").fill("a fjord between hills");
    await admin.getByRole("button", { name: "Create organization" }).click();
    await admin.getByRole("heading", { name: "Get started" }).waitFor();
    assert.deepEqual(await nav(admin).getByRole("link").allTextContents(), [
      "Live",
      "People",
      "Reports",
      "Alerts",
      "Projects",
      "Settings",
      "Me",
    ]);
  });

  const link = await step("invite somebody", async () => {
    await nav(admin).getByRole("link", { name: "People" }).click();
    await admin.getByRole("button", { name: "Invite somebody" }).click();
    await admin.getByRole("dialog").getByLabel("E-mail").fill("maya@fjord.example");
    await admin.getByRole("button", { name: "Invite", exact: true }).click();
    const shown = await admin.getByLabel("Link for the person").inputValue();
    await admin.keyboard.press("Escape");
    assert.ok(shown.startsWith(`${address}/join#token=`), shown);
    return shown;
  });
  seen.push(secret(link));

  await step("join by the link, as an employee who sees themself", async () => {
    await employee.goto(link);
    assert.equal(employee.url(), `${address}/join`);
    await employee.getByLabel("Your name").fill("Maya Lindqvist");
    await employee.getByLabel("Choose a password").fill("nine purple lanterns");
    await employee.getByRole("button", { name: "Join" }).click();
    await employee.getByRole("heading", { name: "My day" }).waitFor();
    assert.deepEqual(await nav(employee).getByRole("link").allTextContents(), [
      "Me",
      "Projects",
      "Alerts",
    ]);
    await employee.goto(`${address}/settings`);
    await employee.getByRole("heading", { name: "not for your role" }).waitFor();
  });

  await step("a link works once", async () => {
    const other = await person({ expected });
    await other.goto(link);
    await other.getByRole("heading", { name: "This invitation cannot be used" }).waitFor();
    await other.context().close();
  });

  await step("everybody reads about themself", async () => {
    await employee.goto(`${address}/me/privacy`);
    await employee.getByRole("heading", { name: "Rules" }).waitFor();
    const download = employee.waitForEvent("download");
    await employee.getByRole("button", { name: "Download my data" }).click();
    assert.equal((await download).suggestedFilename(), "workpulse-my-data.zip");
    await admin.goto(`${address}/live`);
    await admin.getByText("Maya Lindqvist").first().waitFor();
    await employee.goto(`${address}/me/looks`);
    await employee.getByRole("heading", { name: "Who looked at me" }).waitFor();
    await employee.getByText("Ingrid Solberg").first().waitFor();
    await employee.goto(`${address}/me/account`);
    await employee.getByText("(here)").waitFor();
    await employee.getByText("No computer of yours is enrolled").waitFor();
  });

  await step("names that are code stay text, on every page that shows them", async () => {
    for (const hostile of HOSTILE.filter((text) => text.trim() !== "" && text.length <= 200)) {
      await employee.goto(`${address}/me/account`);
      await employee.getByLabel("Name").fill(hostile);
      await employee.getByRole("button", { name: "Save" }).click();
      await employee.getByText("Saved.").waitFor();
      await admin.goto(`${address}/people`);
      await admin.getByRole("link", { name: hostile.trim(), exact: true }).first().waitFor();
    }
    await employee.goto(`${address}/me/account`);
    await employee.getByLabel("Name").fill('"><img src=x onerror=alert(1)>');
    await employee.getByRole("button", { name: "Save" }).click();
    await employee.getByText("Saved.").waitFor();
  });

  await step("make a team and a project with hostile names, and add a person", async () => {
    for (const [path, button] of [
      ["/people/teams", "New team"],
      ["/projects", "New project"],
    ]) {
      await admin.goto(address + path);
      await admin.getByRole("button", { name: button }).click();
      await admin.getByRole("dialog").getByLabel("Name").fill(HOSTILE[0]);
      await admin.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await admin.getByRole("heading", { level: 1, name: HOSTILE[0] }).waitFor();
      await admin.getByLabel("Add a person").fill("img");
      await admin.getByRole("button", { name: /^Add "/ }).click();
      await admin.getByRole("table", { name: "People" }).getByText("onerror=alert").waitFor();
    }
  });

  await step("webhooks: made, tried out, turned off; and jobs", async () => {
    await admin.goto(`${address}/settings/webhooks`);
    await admin.getByRole("button", { name: "New webhook" }).click();
    const dialog = admin.getByRole("dialog");
    await dialog.getByLabel("Address").fill("http://hooks.fjord.invalid/in");
    await dialog.getByLabel("What it is for").fill(HOSTILE[0]);
    await dialog.getByRole("button", { name: "Make webhook" }).click();
    await dialog.getByText("Address must begin with https://").waitFor();
    // A name that nobody has: nothing leaves this machine.
    await dialog.getByLabel("Address").fill("https://hooks.fjord.invalid/in");
    await dialog.getByRole("button", { name: "Make webhook" }).click();
    assert.match(await dialog.getByLabel("Secret").inputValue(), /^whsec_/);
    await dialog.getByRole("button", { name: "Go to the webhook" }).click();
    await admin.getByRole("heading", { name: HOSTILE[0] }).waitFor();
    await admin.getByRole("button", { name: "Send a test" }).click();
    await admin
      .getByRole("table", { name: "Messages" })
      .getByText(/^tried once/)
      .waitFor();
    await admin.getByText("Fails since").waitFor();
    await admin.getByRole("button", { name: "Turn off" }).click();
    await admin.getByText(/^An admin turned it off/).waitFor();
    await admin.reload();
    await admin.getByRole("table", { name: "Messages" }).getByText("Given up").waitFor();
    await admin.getByRole("button", { name: "New secret" }).click();
    await dialog.getByRole("button", { name: "New secret" }).click();
    assert.match(await dialog.getByLabel("Secret").inputValue(), /^whsec_/);
    await dialog.getByRole("button", { name: "Close" }).click();
    await admin.getByRole("button", { name: "Delete" }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await admin.getByText("No webhook yet").waitFor();
    await admin.goto(`${address}/settings/jobs`);
    await admin
      .getByRole("table", { name: "For your organization" })
      .getByText("Close days")
      .waitFor();
    // Each that this server has is told in words.
    const names = await admin
      .getByRole("main")
      .getByText(/^[a-z]+_[a-z_]+$/)
      .count();
    assert.equal(names, 0);
    await admin.getByText("Every minute").first().waitFor();
  });

  await step("settings, policy with its version, audit", async () => {
    await admin.goto(`${address}/settings`);
    const form = (name) => admin.getByRole("form", { name, exact: true });
    const keeping = form("How long activity is kept");
    await keeping.getByLabel("Days").fill("500");
    await keeping.getByRole("button", { name: "Save" }).click();
    await keeping.getByText("Saved.").waitFor();
    const quiet = form("Quiet hours");
    await quiet.getByRole("button", { name: "Add hours" }).click();
    await quiet.getByLabel("Until").fill("06:30");
    await quiet.getByRole("button", { name: "Save" }).click();
    await quiet.getByText("Saved.").waitFor();
    // This server sends no mail: it says so where mail was switched on, and it is off again.
    await admin.getByRole("checkbox", { name: "Alert mail" }).click();
    await admin.getByText(/^Alert mail needs a mail server/).waitFor();
    assert.equal(await admin.getByRole("checkbox", { name: "Alert mail" }).isChecked(), false);
    const zone = form("Time zone");
    await zone.getByRole("combobox", { name: "Days begin and end in" }).fill("new york");
    await admin.getByRole("option", { name: "America/New_York" }).click();
    await zone.getByRole("button", { name: "Save" }).click();
    await admin.getByRole("button", { name: "Make days again" }).click();
    await zone.getByText("Saved.").waitFor();
    await admin.reload();
    await admin.getByText("Days begin and end in America/New_York.").waitFor();
    await quiet.getByText("20:00 until 06:30 on the next day").waitFor();
    await admin.goto(`${address}/settings/policy`);
    await admin.getByLabel("Applications of which only the time is kept").fill(HOSTILE[1]);
    await admin.getByRole("button", { name: "Save" }).click();
    await admin.getByText(/^Saved as version/).waitFor();
    await employee.goto(`${address}/me/privacy`);
    await employee.getByRole("main").getByText(HOSTILE[1]).waitFor();
    await admin.goto(`${address}/settings/audit`);
    await admin.getByRole("table", { name: "Audit log" }).waitFor();
    await admin.getByLabel("Action").fill("team.");
    await admin.keyboard.press("Enter");
    await admin.getByText("team.created").waitFor();
    await admin.goto(`${address}/people/devices?show=silent`);
    await admin.getByText("Every device was heard of").waitFor();
  });

  await realSteps({ step, address, admin, employee });

  await step("an enrolment token is shown once, and revoked", async () => {
    await admin.goto(`${address}/people/enrolment`);
    await admin.getByRole("button", { name: "New token" }).click();
    await admin.getByLabel("What for").fill(HOSTILE[2]);
    await admin.getByRole("button", { name: "Make token" }).click();
    seen.push(await admin.getByLabel("Token", { exact: true }).inputValue());
    await admin.keyboard.press("Escape");
    await admin.getByRole("button", { name: /^Revoke/ }).click();
    await admin.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await admin.getByText("Revoked").waitFor();
  });

  await step("a reset link ends all log-ins, and sets a password", async () => {
    await admin.goto(`${address}/people`);
    await admin.getByRole("link", { name: /onerror/ }).click();
    await admin.getByRole("button", { name: "Make a reset link" }).click();
    const reset = await admin.getByLabel("Link for the person").inputValue();
    seen.push(secret(reset));
    await employee.goto(reset);
    await employee.getByLabel("New password").fill("seven quiet harbours");
    await employee.getByRole("button", { name: "Set password" }).click();
    await employee.getByRole("link", { name: "Log in" }).click();
    await employee.getByLabel("E-mail").fill("maya@fjord.example");
    await employee.getByLabel("Password").fill("seven quiet harbours");
    await employee.keyboard.press("Enter");
    await employee.getByRole("heading", { name: "My day" }).waitFor();
  });

  await step("a suspended person is out within five seconds", async () => {
    await admin.getByLabel("Status").selectOption("suspended");
    await admin.getByRole("button", { name: "Save" }).click();
    await admin.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
    await admin.getByText("Saved.").waitFor();
    await employee.getByRole("heading", { name: "Log in" }).waitFor({ timeout: 6000 });
  });

  await step("no secret of a link stands in the server's log", () => {
    assert.ok(seen.length === 3 && seen.every((it) => it.length > 8));
    for (const it of seen) assert.ok(!server.log().includes(it));
  });

  await step("nothing personal or secret stands in it either", () => {
    const typed = [
      "Fjord <b>",
      "Ingrid",
      "fjord.example",
      "a fjord between hills",
      "nine purple lanterns",
      "seven quiet harbours",
      ...HOSTILE.filter((it) => it.trim()),
    ];
    for (const it of typed) assert.ok(!server.log().includes(it), `the log tells ${it}`);
    for (const shape of [
      /wp[deipr]_[\w-]{20}/,
      /whsec_[\w+/]{16}/,
      /eyJ[\w-]{20}/,
      /\$argon2/,
      /panicked at/,
    ]) {
      assert.ok(!shape.test(server.log()), `the log holds something like ${shape}`);
    }
  });
}
