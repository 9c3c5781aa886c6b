// An admin at the categories: the list of rules is a draft until it is saved, and never lost.
import assert from "node:assert/strict";

export async function categoryScenarios(scenario) {
  await scenario(
    "categories: rules are moved by keyboard, tried, saved, and followed to the end",
    { role: "admin" },
    async (page, server) => {
      await page.goto(`${server.address}/settings/categories`);
      const first = page.getByRole("listitem").filter({ hasText: "Visual Studio Code" });
      await page.getByRole("button", { name: "Move rule 2 up" }).focus();
      await page.keyboard.press("Enter");
      await page.getByText("Changes are not saved yet.").waitFor();
      // At the top there is no further up: the focus stays with the rule.
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
      await page.waitForFunction(
        () => document.activeElement?.getAttribute("aria-label") === "Move rule 1 down",
      );
      assert.equal(await focused(), "Move rule 1 down");
      await page.getByRole("button", { name: "Try out" }).click();
      await page.getByRole("table", { name: "What would move" }).waitFor();
      await page.getByRole("button", { name: "Save rules" }).click();
      await page.getByText("9 of 26 people", { exact: false }).waitFor();
      server.mock.categories.progress.state = "applied";
      await page.getByText("The sums of all past days follow these rules.").waitFor();
      await first.first().waitFor();
      assert.equal(server.mock.categories.rules.rules[0].application, "Visual Studio Code");
    },
  );

  await scenario(
    "categories: somebody else was faster, and the draft stays",
    { role: "admin" },
    async (page, server) => {
      page.expected = [/409/];
      await page.goto(`${server.address}/settings/categories`);
      await page.getByRole("button", { name: "Remove rule 6" }).click();
      server.mock.categories.rules.version = 5;
      await page.getByRole("button", { name: "Save rules" }).click();
      await page.getByText("Somebody else saved rules meanwhile").waitFor();
      await page.getByText("Changes are not saved yet.").waitFor();
      await page.getByRole("button", { name: "Keep mine" }).click();
      await page.getByText("Somebody else saved rules meanwhile").waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Save rules" }).click();
      await page.getByText("Saved. What arrives", { exact: false }).waitFor();
      assert.equal(server.mock.categories.rules.rules.length, 5);
      // What a rule still names is not removed.
      await page.getByRole("button", { name: "Remove Design" }).click();
      await page.getByRole("dialog").getByText("A rule still puts something into it").waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
      await page.getByRole("dialog").getByRole("alert").waitFor();
      assert.equal(server.mock.categories.list.length, 5);
    },
  );
}
