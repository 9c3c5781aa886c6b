// Notes as an employee writes them and a manager answers, by keyboard as far as it is natural.
import assert from "node:assert/strict";
import { YESTERDAY } from "./notes.mjs";

const list = (page) => page.getByRole("list", { name: "Notes" });

export async function noteScenarios(scenario) {
  await scenario(
    "notes: written, changed and taken back by whoever they are about",
    { role: "employee", notes: false },
    async (page, server) => {
      await page.goto(`${server.address}/me?date=${YESTERDAY}`);
      await page.getByRole("button", { name: "Add a note" }).focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("What it was").selectOption("meeting");
      await dialog.getByLabel("In your words").fill("On site, with the client");
      await dialog.getByRole("button", { name: "Add note" }).click();
      await list(page).getByText("On site, with the client").waitFor();
      await page.getByRole("button", { name: /^Change your note/ }).click();
      await dialog.getByLabel("In your words").fill("On site, with both clients");
      await dialog.getByRole("button", { name: "Save" }).click();
      await list(page).getByText("On site, with both clients").waitFor();
      await page.getByRole("button", { name: /^Take back/ }).click();
      await dialog.getByRole("button", { name: "Take back" }).click();
      await list(page).waitFor({ state: "detached" });
      assert.equal(server.mock.notes.length, 0);
    },
  );

  await scenario(
    "notes: what is refused keeps its words, and is answered once it can be",
    {},
    async (page, server) => {
      page.expected = [/409/];
      await page.goto(`${server.address}/alerts/notes`);
      server.mock.refuseNotes = true;
      await page.getByRole("button", { name: /^Decline what/ }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Your answer").fill("You were in that day.");
      const decline = dialog.getByRole("button", { name: "Decline" });
      const before = await decline.boundingBox();
      await decline.click();
      await dialog.getByRole("alert").waitFor();
      // What the server says stands below: the button under the pointer stays where it is.
      assert.deepEqual(await decline.boundingBox(), before);
      server.mock.refuseNotes = false;
      await dialog.getByRole("button", { name: "Decline" }).click();
      await page.getByText("Nothing to answer").waitFor();
      await page.getByText("Declined", { exact: true }).click();
      await list(page).getByText("You were in that day.").waitFor();
      assert.equal(new URL(page.url()).search, "?state=declined");
    },
  );
}
