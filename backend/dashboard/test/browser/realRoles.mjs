// What each role sees and does on a real server, and what it may not: a manager of one team, an
// employee of it, an admin. Afterwards each walks through all pages that are open to them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { ADMIN, COLLEAGUE, EMPLOYEE, MANAGER, makeCompany, STRANGER } from "./realCompany.mjs";
import { pagesOf, walk } from "./realPages.mjs";

/** The detector looks each minute, on a machine that may be busy. */
const ALERT_LIMIT = 150_000;

async function logIn(page, address, { email, password }) {
  // Who is not logged in is told so by the first question.
  page.expected = [/status of 401/];
  await page.goto(`${address}/login`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  page.expected = [];
}

/** By their addresses: a name may have a count behind it. */
const sections = (page) =>
  page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href")));

/** What a download holds. */
async function downloaded(page, button) {
  const arrives = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const file = await arrives;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** The files of a zip by name, read by its directory, which stands at its end. */
function unzip(bytes) {
  const files = {};
  let at = bytes.readUInt32LE(bytes.lastIndexOf("PK\x05\x06") + 16);
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [nameLength, extra, comment] = [28, 30, 32].map((place) =>
      bytes.readUInt16LE(at + place),
    );
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + bytes.readUInt32LE(at + 20));
    const stored = bytes.readUInt16LE(at + 10) === 0;
    files[name] = (stored ? packed : inflateRawSync(packed)).toString("utf8");
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

export async function roles({ step, person, server }) {
  const { address } = server;
  const company = await step("roles: a company with two teams", () => makeCompany(server));
  const { ids, team, project, date } = company;
  const [admin, manager, employee] = [await person(), await person(), await person()];

  await step(
    "employee: sees Me first, the figures of their own day, and says what it was",
    async () => {
      await logIn(employee, address, EMPLOYEE);
      await employee.getByRole("heading", { name: "My day" }).waitFor();
      assert.deepEqual(await sections(employee), ["/me", "/projects", "/alerts"]);
      await employee.getByText("1 h active, 25 min idle").first().waitFor();
      await employee.getByRole("button", { name: "Add a note" }).click();
      const dialog = employee.getByRole("dialog");
      await dialog.getByLabel("What it was").selectOption("meeting");
      await dialog.getByLabel("In your words").fill("Showed the harbour to the client, on paper");
      await dialog.getByRole("button", { name: "Add note" }).click();
      await employee.getByRole("list", { name: "Notes" }).getByText("on paper").waitFor();
    },
  );

  await step("manager: logs in, and sees only their team on the live page", async () => {
    await logIn(manager, address, MANAGER);
    const rows = manager.getByRole("table", { name: "People" }).locator("[data-user-id]");
    await rows.filter({ hasText: EMPLOYEE.name }).waitFor();
    const names = await rows.evaluateAll((all) => all.map((row) => row.getAttribute("aria-label")));
    assert.deepEqual(names.sort(), [MANAGER, EMPLOYEE, COLLEAGUE].map(({ name }) => name).sort());
    await rows.filter({ hasText: COLLEAGUE.name }).getByText("Blender").waitFor();
    assert.deepEqual(await sections(manager), [
      "/live",
      "/people",
      "/reports",
      "/alerts",
      "/projects",
      "/me",
    ]);
  });

  await step("manager: opens a person's day from there", async () => {
    await manager.getByRole("link", { name: EMPLOYEE.name }).first().click();
    await manager.getByRole("heading", { level: 1, name: EMPLOYEE.name }).waitFor();
    await manager.getByText("1 h active, 25 min idle").first().waitFor();
    await manager.getByRole("list", { name: "Notes" }).getByText("on paper").waitFor();
  });

  await step("manager: a report beside the days before, and the same as a file", async () => {
    await manager.getByRole("link", { name: "Reports" }).click();
    await manager.getByLabel("Range").selectOption("yesterday");
    const headline = manager.getByText(/^Together, .* than before/);
    assert.match(
      await headline.textContent(),
      /the 3 people in view worked 3 h, 50\s?% more than before \(/,
    );
    const csv = await downloaded(manager, "Download CSV");
    assert.match(csv.name, /\.csv$/);
    const lines = csv.bytes.toString("utf8").trim().split(/\r?\n/);
    const row = (name) => lines.find((line) => line.includes(name));
    assert.match(row(EMPLOYEE.name), /\b7200\b.*\b3600\b/, csv.bytes.toString("utf8"));
    assert.match(row(COLLEAGUE.name), /\b3600\b.*\b3600\b/);
    assert.equal(row(STRANGER.name), undefined);
  });

  await step("manager: has administration neither offered nor shown", async () => {
    manager.expected = [/status of 40[34]/];
    for (const path of ["/settings", "/settings/audit", "/people/invitations", "/start"]) {
      await manager.goto(address + path);
      await manager.getByRole("heading", { name: "This page is not for your role" }).waitFor();
    }
    // Nor somebody of another team, whoever knows the address.
    await manager.goto(`${address}/people/${ids[STRANGER.name]}/day`);
    await manager.getByRole("alert").first().waitFor();
    assert.equal(await manager.getByText(STRANGER.name).count(), 0);
    // Each part of that page is refused by itself: none is waited for any more once it is left.
    await manager.goto(`${address}/alerts/notes`);
    await manager.getByRole("heading", { level: 1 }).waitFor();
    manager.expected = [];
  });

  await step("manager: answers what an employee says of their time", async () => {
    await manager.getByRole("button", { name: `Accept what ${EMPLOYEE.name} says` }).click();
    const dialog = manager.getByRole("dialog");
    await dialog.getByLabel("Your answer").fill("Thank you, that explains it");
    await dialog.getByRole("button", { name: "Accept" }).click();
    await manager.getByText("Nothing to answer").waitFor();
  });

  await step("manager: an alert arrives by itself, and is resolved with a note", async () => {
    await manager.goto(`${address}/alerts`);
    const row = manager.getByRole("listitem").filter({ hasText: EMPLOYEE.name });
    await row.getByText(/^No input for /).waitFor({ timeout: ALERT_LIMIT });
    await row.getByRole("button", { name: `Resolve ${EMPLOYEE.name}` }).click();
    const dialog = manager.getByRole("dialog");
    await dialog.getByLabel("Note").fill("She was with the client");
    await dialog.getByRole("button", { name: "Resolve" }).click();
    await manager.getByText("Nobody needs you just now").waitFor();
  });

  await step("employee: reads what came of it, and who looked, by name", async () => {
    await employee.reload();
    const notes = employee.getByRole("list", { name: "Notes" });
    await notes.getByText(`Accepted by ${MANAGER.name}`).waitFor();
    await notes.getByText("that explains it").waitFor();
    await employee.goto(`${address}/alerts?state=resolved`);
    await employee.getByText(`Resolved by ${MANAGER.name}`).waitFor();
    await employee.getByText("She was with the client").waitFor();
    await employee.goto(`${address}/me/looks`);
    const looks = employee.getByRole("table", { name: "Who looked at me" }).getByRole("row");
    const hers = looks.filter({ hasText: `${MANAGER.name}, manager` });
    for (const what of ["the live page", "your day", "a report over some days"]) {
      await hers.filter({ hasText: what }).first().waitFor();
    }
    assert.equal(await looks.filter({ hasText: STRANGER.name }).count(), 0);
  });

  await step("employee: their history, and all of it to take along", async () => {
    await employee.goto(`${address}/me?date=${date(1)}`);
    await employee.getByText("2 h active").first().waitFor();
    await employee.goto(`${address}/me/weeks`);
    await employee.getByRole("heading", { level: 1 }).waitFor();
    await employee.goto(`${address}/me/privacy`);
    const zip = await downloaded(employee, "Download my data");
    const files = unzip(zip.bytes);
    const everything = Object.values(files).join("\n");
    for (const own of [EMPLOYEE.email, "Figma", "on paper", "She was with the client"]) {
      assert.ok(everything.includes(own), `the export lacks ${own}: ${Object.keys(files)}`);
    }
    for (const other of [STRANGER.name, COLLEAGUE.name, "Blender", "LibreOffice"]) {
      assert.ok(!everything.includes(other), `the export tells ${other}`);
    }
  });

  await step("employee: others' pages are not for them", async () => {
    employee.expected = [/status of 40[34]/];
    const pages = ["/people", "/people/teams", "/reports", "/reports/files", "/settings"];
    for (const path of [...pages, `/people/${ids[EMPLOYEE.name]}/day`]) {
      await employee.goto(address + path);
      await employee.getByRole("heading", { name: "This page is not for your role" }).waitFor();
    }
    employee.expected = [];
    // The live page is theirs, with nobody else on it.
    await employee.goto(`${address}/live`);
    await employee.getByRole("row", { name: EMPLOYEE.name }).waitFor();
    assert.equal(await employee.locator("[data-user-id]").count(), 1);
  });

  await step("admin: logs in, and sees both teams", async () => {
    await logIn(admin, address, ADMIN);
    await admin.getByRole("link", { name: STRANGER.name }).first().waitFor();
    assert.ok((await sections(admin)).includes("/settings"));
  });

  const webhook = await admin.evaluate(async () => {
    const answer = await fetch("/api/v1/webhooks");
    return (await answer.json()).items[0].id;
  });
  const pages = pagesOf({ person: ids[EMPLOYEE.name], team, project, webhook });
  // At once: most of a page's time is spent waiting.
  await Promise.all(
    Object.entries({ employee, manager, admin }).map(([role, page]) =>
      walk({ step, page, role, pages: pages[role], address }),
    ),
  );
}
