// The way in and out: log-in, set-up, links with a secret, and log-ins that end.
import assert from "node:assert/strict";

export async function entranceScenarios(scenario) {
  await scenario(
    "log in, come back to the wished page, log out",
    { loggedIn: false },
    async (page, server) => {
      page.expected = [/401/];
      await page.goto(`${server.address}/live?sort=name`);
      await page.getByLabel("E-mail").fill("robin@northwind.example");
      await page.getByLabel("Password").fill("correct horse battery");
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByRole("heading", { name: "Live" }).waitFor();
      assert.equal(new URL(page.url()).search, "?sort=name");
      await page.getByRole("button", { name: /^Account of/ }).click();
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByRole("heading", { name: "Log in" }).waitFor();
      assert.ok(page.url().endsWith("/login"), `left for ${page.url()}`);
      // The socket was cut before the answer came: nobody asked why.
      assert.equal(server.mock.requests.at(-1), "GET /api/v1/setup");
      assert.equal(server.mock.requests.at(-2), "POST /api/v1/auth/logout");
      await page.goBack();
      await page.getByRole("heading", { name: "Log in" }).waitFor();
      assert.equal(await page.getByRole("row").count(), 0);
    },
  );

  await scenario(
    "set up a new server",
    { loggedIn: false, setupNeeded: true, role: "admin" },
    async (page, server) => {
      page.expected = [/401/, /422/];
      await page.goto(server.address);
      await page.getByLabel("Organization name").fill("Fjord & Söhne");
      const zone = page.getByRole("combobox", { name: "Time zone" });
      assert.equal(await zone.inputValue(), "Europe/Berlin");
      await zone.fill("oslo");
      await page.getByRole("option", { name: "Europe/Oslo" }).click();
      await page.getByLabel("Your name").fill("Ingrid");
      await page.getByLabel("E-mail").fill("ingrid@fjord.example");
      await page.getByLabel("Password").fill("correct horse battery");
      await page.getByLabel("Set-up code").fill("0000");
      await page.getByRole("button", { name: "Create organization" }).click();
      await page.getByText("This is not the code in the server’s log.").waitFor();
      await page.getByLabel("Set-up code").fill("7F3K-99QD");
      await page.getByRole("button", { name: "Create organization" }).click();
      await page.getByRole("heading", { name: "Get started" }).waitFor();
      await page.getByText("Fjord & Söhne is set up.").waitFor();
      await page.getByText("Europe/Oslo").waitFor();
    },
  );

  await scenario(
    "join by an invitation: the secret leaves the address at once, and only in a body",
    { loggedIn: false },
    async (page, server) => {
      page.expected = [/401/];
      const asked = [];
      page.on("request", (request) => asked.push(request.url(), request.headers().referer ?? ""));
      await page.goto(`${server.address}/join#token=wpi_secret-4711`);
      assert.equal(page.url(), `${server.address}/join`);
      await page.getByLabel("Your name").fill("Nora Winther");
      await page.getByLabel("Choose a password").fill("correct horse battery");
      await page.getByRole("button", { name: "Join" }).click();
      await page.getByRole("heading", { name: "Live" }).waitFor();
      assert.equal(server.mock.registered.invitation, "wpi_secret-4711");
      assert.ok(asked.length > 0);
      assert.deepEqual(
        asked.filter((url) => url.includes("4711")),
        [],
      );
      const kept = await page.evaluate(() =>
        JSON.stringify({ ...localStorage, ...sessionStorage }),
      );
      assert.ok(!kept.includes("4711"));
      await page.goBack();
      assert.ok(!page.url().includes("4711"));
    },
  );

  await scenario("set a new password by a link", { loggedIn: false }, async (page, server) => {
    page.expected = [/401/, /409/];
    await page.goto(`${server.address}/reset#token=wpr_spent`);
    await page.getByLabel("New password").fill("correct horse battery");
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByRole("alert").waitFor();
    // Another link, in the same tab.
    await page.goto(`${server.address}/reset#token=wpr_good`);
    await page.getByLabel("New password").fill("correct horse battery");
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByRole("heading", { name: "Your new password is set" }).waitFor();
    await page.getByRole("link", { name: "Log in" }).click();
    await page.getByRole("link", { name: "Forgotten your password?" }).click();
    // The page of before has a field of that name, too.
    await page.getByRole("heading", { name: "Forgotten your password?" }).waitFor();
    await page.getByLabel("E-mail").fill("robin@northwind.example");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Ask an admin for a link" }).waitFor();
  });

  await scenario(
    "an expired log-in is renewed without anyone noticing",
    {},
    async (page, server) => {
      page.expected = [/401/, /WebSocket connection/];
      await page.goto(server.address);
      await page.getByText("Up to the second").waitFor();
      server.mock.accessValid = false;
      server.cut(1008);
      await page.getByText("Up to the second").waitFor({ state: "detached" });
      await page.getByText("Up to the second").waitFor();
      assert.equal(server.mock.requests.filter((r) => r.endsWith("/refresh")).length, 1);
    },
  );

  await scenario("a server that was away is tried again", {}, async (page, server) => {
    page.expected = [/503/];
    server.mock.meFails = true;
    await page.goto(server.address);
    await page.getByRole("alert").waitFor();
    server.mock.meFails = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Up to the second").waitFor();
    assert.equal(await page.title(), "Live · WorkPulse");
  });

  await scenario(
    "a log-in that was ended leads to the log-in page, and says so",
    {},
    async (page, server) => {
      page.expected = [/401/, /WebSocket connection/];
      await page.goto(server.address);
      await page.getByText("Up to the second").waitFor();
      server.mock.loggedIn = false;
      server.cut(1008);
      await page.getByText("You were logged out.").waitFor();
      assert.equal(await page.getByRole("row").count(), 0);
    },
  );
}
