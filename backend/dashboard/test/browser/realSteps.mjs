// Notes, categories and schedules against a real server, between an admin and an employee.
import assert from "node:assert/strict";
import { HOSTILE } from "./people.mjs";

const YESTERDAY = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10);

export async function realSteps({ step, address, admin, employee }) {
  await step("a note: written, answered, and read by both", async () => {
    await employee.goto(`${address}/me?date=${YESTERDAY}`);
    const write = async (from, to) => {
      await employee.getByRole("button", { name: "Add a note" }).click();
      const dialog = employee.getByRole("dialog");
      await dialog.getByLabel("From").fill(from);
      await dialog.getByLabel("To").fill(to);
      await dialog.getByLabel("What it was").selectOption("other");
      await dialog.getByLabel("In your words").fill(HOSTILE[0]);
      await dialog.getByRole("button", { name: "Add note" }).click();
      return dialog;
    };
    await write("09:00", "09:30");
    const own = employee.getByRole("list", { name: "Notes" });
    await own.getByText(HOSTILE[0]).waitFor();
    // One moment has one account.
    const refused = await write("09:15", "10:00");
    await refused.getByRole("alert").waitFor();
    await refused.getByRole("button", { name: "Cancel" }).click();
    await admin.goto(`${address}/alerts/notes`);
    await admin
      .getByRole("button", { name: /^Accept what/ })
      .first()
      .click();
    await admin.getByRole("dialog").getByLabel("Your answer").fill(HOSTILE[1]);
    await admin.getByRole("dialog").getByRole("button", { name: "Accept" }).click();
    await admin.getByText("Nothing to answer").waitFor();
    await employee.reload();
    await own.getByText(/^Accepted by Ingrid Solberg/).waitFor();
    await own.getByText(HOSTILE[1]).waitFor();
    assert.equal(await employee.getByRole("button", { name: /^Take back/ }).count(), 0);
    await employee.goto(`${address}/me/looks`);
    await employee.getByText("what you say of your time").first().waitFor();
  });

  await step(
    "categories: made, named by a rule, tried, saved, and kept while they are",
    async () => {
      await admin.goto(`${address}/settings/categories`);
      await admin.getByRole("button", { name: "Add category" }).click();
      const dialog = admin.getByRole("dialog");
      await dialog.getByLabel("Name").fill(HOSTILE[0]);
      await dialog.getByRole("button", { name: "Add", exact: true }).click();
      await dialog.waitFor({ state: "detached" });
      await admin.getByRole("button", { name: "Add rule" }).click();
      await dialog.getByLabel("Site").fill("no site");
      await dialog.getByLabel("Category").selectOption(HOSTILE[0]);
      await dialog.getByRole("button", { name: "Add rule" }).click();
      const rules = admin.getByRole("list", { name: "Rules" }).getByRole("listitem");
      const count = await rules.count();
      await admin.getByRole("button", { name: "Save rules" }).click();
      await admin.getByText("The rules were not saved").waitFor();
      await admin.getByText(/^Rule \d+: Site is a name such as/).waitFor();
      await admin.getByRole("button", { name: `Change rule ${count}` }).click();
      await dialog.getByLabel("Site").fill("docs.fjord.example");
      await dialog.getByRole("button", { name: "Keep" }).click();
      await admin.getByRole("button", { name: `Move rule ${count} up` }).click();
      await admin.getByRole("button", { name: "Try out" }).click();
      await admin.getByText("would come into another category", { exact: false }).waitFor();
      await admin.getByRole("button", { name: "Save rules" }).click();
      await admin.getByText(/^Saved\. What arrives/).waitFor();
      await admin.reload();
      await admin.getByText("The sums of all past days follow these rules.").waitFor({
        timeout: 90_000,
      });
      assert.match(await rules.nth(count - 2).textContent(), /docs\.fjord\.example/);
      await admin.getByRole("button", { name: `Remove ${HOSTILE[0]}` }).click();
      await dialog.getByRole("button", { name: "Remove" }).click();
      await dialog.getByRole("alert").waitFor();
      await dialog.getByRole("button", { name: "Cancel" }).click();
    },
  );

  await step("a report is made again and again, without mail, until it is given up", async () => {
    await admin.goto(`${address}/reports/files`);
    await admin.getByText(/This server sends no mail/).waitFor();
    await admin.getByRole("button", { name: "New schedule" }).click();
    const dialog = admin.getByRole("dialog");
    await dialog.getByLabel("Name").fill(HOSTILE[0]);
    await dialog.getByLabel("How often").selectOption("month");
    await dialog.getByRole("button", { name: "Make it so" }).click();
    const row = admin.getByRole("row").filter({ hasText: HOSTILE[0] });
    await row.getByText(/^On the first of each month at 07:00/).waitFor();
    await row.getByRole("button", { name: /^Pause/ }).click();
    await row.getByText("Paused").waitFor();
    await row.getByRole("button", { name: /^Delete/ }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await admin.getByText("Nothing is made by itself yet.").waitFor();
  });
}
