// Every page in every state: options of the mock server, address, and how to get there.

import { categoryPages } from "./categories.mjs";
import { entrancePages } from "./entrancePages.mjs";
import { filePages } from "./files.mjs";
import { YESTERDAY } from "./notes.mjs";
import { HOSTILE } from "./people.mjs";
import { settingsPages } from "./settingsPages.mjs";

/** A page behind the log-in, with believable and with hostile texts. */
const inside = (name, address, role, ready) => ({
  [name]: { options: { role }, address, ready },
  [`${name}-hostile`]: { options: { role, hostile: true }, address, ready },
});

/** By name; `expected` are the console's messages that belong to it. */
export const PAGES = {
  live: { ready: (page) => page.getByText("Up to the second").waitFor() },
  "live-teams": {
    address: "/live?group=team",
    ready: (page) => page.getByRole("rowheader").first().waitFor(),
  },
  "live-cards": {
    address: "/live?group=status&look=cards",
    ready: (page) => page.getByRole("list", { name: "People" }).waitFor(),
  },
  "live-idle": {
    address: '/live?status=["idle"]&sort=name',
    ready: (page) => page.getByRole("button", { name: /^Idle/, pressed: true }).waitFor(),
  },
  account: {
    ready: async (page) => {
      await page.getByText("Up to the second").waitFor();
      await page.getByRole("button", { name: /^Account of/ }).click();
      await page.getByRole("button", { name: "Log out" }).waitFor();
    },
  },
  palette: {
    options: { role: "admin" },
    ready: async (page) => {
      await page.getByText("Up to the second").waitFor();
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Go to a page" }).fill("a");
      await page.getByRole("dialog").getByRole("option").nth(10).waitFor();
    },
  },
  "palette-hostile": {
    options: { role: "admin", hostile: true },
    ready: async (page) => {
      await page.getByText("Up to the second").waitFor();
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Go to a page" }).fill("img");
      await page.getByRole("dialog").getByRole("option").first().waitFor();
    },
  },
  lost: {
    expected: [/WebSocket connection/],
    ready: async (page, server) => {
      await page.getByText("Up to the second").waitFor();
      server.mock.refuseSockets = true;
      server.cut();
      await page.getByText("Connection lost.").waitFor();
    },
  },
  loading: {
    before: (server) => {
      server.mock.presenceHangs = true;
    },
    ready: (page) => page.getByText("Loading people…").waitFor({ state: "attached" }),
  },
  failed: {
    expected: [/503/],
    before: (server) => {
      server.mock.presenceFails = true;
    },
    ready: (page) => page.getByRole("alert").waitFor(),
  },
  "nobody-matches": {
    address: "/live?q=zzz",
    ready: (page) => page.getByRole("heading", { name: "Nobody matches" }).waitFor(),
  },
  "first-device": {
    options: { role: "admin" },
    before: (server) => {
      server.mock.people = server.mock.people.slice(3, 4).map((person) => ({
        ...person,
        name: "Robin Castellanos",
        status: "not_working",
        reason: null,
        online: false,
        application: null,
        since: null,
        session: null,
        today: { active_seconds: 0, idle_seconds: 0, unobserved_seconds: 0 },
        hours: { first_hour: 0, active_seconds: [], idle_seconds: [], unobserved_seconds: [] },
        last_contact_at: null,
      }));
    },
    ready: (page) => page.getByText("No device has reported yet").waitFor(),
  },
  employee: {
    options: { role: "employee" },
    address: "/live",
    ready: (page) => page.getByText("You see your own day").waitFor(),
  },
  hostile: {
    options: { hostile: true, organization: { name: HOSTILE[5], time_zone: "America/New_York" } },
    ready: (page) => page.getByText("Up to the second").waitFor(),
  },
  ...entrancePages(),
  ...inside("me", "/me", "employee", (page) => page.getByText("Minute by minute").waitFor()),
  ...inside("me-weeks", "/me/weeks", "employee", (page) =>
    page.getByRole("table", { name: "Days" }).waitFor(),
  ),
  ...inside("me-privacy", "/me/privacy", "employee", (page) =>
    page.getByRole("heading", { name: "Rules" }).waitFor(),
  ),
  ...inside("me-looks", "/me/looks", "employee", (page) => page.getByRole("table").waitFor()),
  ...inside("me-account", "/me/account", "employee", (page) =>
    page.getByRole("table", { name: "My devices" }).waitFor(),
  ),
  ...inside("people", "/people", "admin", (page) => page.getByRole("table").waitFor()),
  ...inside("person", "/people/01930000-0000-7000-8000-000000000003", "admin", (page) =>
    page.getByRole("button", { name: "Save" }).waitFor(),
  ),
  ...inside(
    "person-day",
    "/people/01930000-0000-7000-8000-000000000003/day",
    "manager",
    async (page) => {
      await page.getByText("Minute by minute").waitFor();
      // A stretch that the keys reached is outlined, and told below.
      await page.getByRole("application").focus();
      await page.keyboard.press("ArrowDown");
    },
  ),
  ...inside(
    "person-weeks",
    "/people/01930000-0000-7000-8000-000000000003/weeks",
    "manager",
    (page) => page.getByRole("table", { name: "Days" }).waitFor(),
  ),
  ...inside(
    "person-month",
    "/people/01930000-0000-7000-8000-000000000003/weeks?span=month",
    "manager",
    (page) => page.getByRole("table", { name: "Days" }).waitFor(),
  ),
  ...inside(
    "person-looks",
    "/people/01930000-0000-7000-8000-000000000003/looks",
    "manager",
    (page) => page.getByRole("table").waitFor(),
  ),
  ...inside("invitations", "/people/invitations", "admin", (page) =>
    page.getByRole("table").waitFor(),
  ),
  ...inside("invited", "/people", "admin", async (page) => {
    await page.getByRole("button", { name: "Invite somebody" }).click();
    await page.getByRole("dialog").getByLabel("E-mail").fill("nora@northwind.example");
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    await page.getByLabel("Link for the person").waitFor();
  }),
  ...inside("teams", "/people/teams", "admin", (page) => page.getByRole("table").waitFor()),
  ...inside("team", "/people/teams/01930000-0000-7000-8000-000000000800", "admin", (page) =>
    page.getByRole("table").waitFor(),
  ),
  ...inside(
    "team-policy",
    "/people/teams/01930000-0000-7000-8000-000000000800/policy",
    "admin",
    (page) => page.getByRole("button", { name: "Save" }).waitFor(),
  ),
  ...inside("start", "/start", "admin", async (page) => {
    await page.getByRole("button", { name: "Make token" }).click();
    await page.getByText("enrol the computer", { exact: false }).first().waitFor();
  }),
  ...inside("reports", "/reports", "manager", (page) =>
    page.getByRole("table", { name: "All rows" }).waitFor(),
  ),
  ...inside("reports-days", "/reports?by=day&range=last-30", "manager", (page) =>
    page.getByRole("table", { name: "All rows" }).waitFor(),
  ),
  ...inside("attendance", "/reports/attendance", "manager", (page) =>
    page.getByRole("table", { name: "Attendance" }).waitFor(),
  ),
  ...inside("completeness", "/reports/completeness", "manager", (page) =>
    page.getByRole("table", { name: "Completeness" }).waitFor(),
  ),
  ...inside("alerts", "/alerts", "manager", async (page) => {
    await page.getByRole("list", { name: "Alerts" }).waitFor();
    await page.getByRole("checkbox").nth(1).check();
  }),
  ...inside("alerts-all", "/alerts?state=all", "admin", (page) =>
    page.getByRole("list", { name: "Alerts" }).waitFor(),
  ),
  ...inside("alerts-own", "/alerts", "employee", (page) =>
    page.getByRole("list", { name: "Alerts" }).waitFor(),
  ),
  ...inside("alerts-resolve", "/alerts", "manager", async (page) => {
    await page
      .getByRole("button", { name: /^Resolve .+:/ })
      .first()
      .click();
    await page.getByRole("dialog").getByLabel("Note").fill("At the dentist, as told this morning.");
  }),
  ...inside("notes", "/alerts/notes?state=all", "manager", (page) =>
    page.getByRole("list", { name: "Notes" }).waitFor(),
  ),
  ...inside("notes-own", "/alerts/notes", "employee", (page) =>
    page.getByRole("list", { name: "Notes" }).waitFor(),
  ),
  ...inside("notes-answer", "/alerts/notes", "manager", async (page) => {
    await page
      .getByRole("button", { name: /^Accept what/ })
      .first()
      .click();
    await page.getByRole("dialog").getByLabel("Your answer").fill("Thanks for saying so.");
  }),
  ...inside("notes-day", `/me?date=${YESTERDAY}`, "employee", async (page) => {
    const list = page.getByRole("list", { name: "Notes" });
    await list.waitFor();
    await list.scrollIntoViewIfNeeded();
  }),
  ...inside("notes-write", `/me?date=${YESTERDAY}`, "employee", async (page) => {
    await page.getByRole("button", { name: "Add a note" }).click();
    await page.getByRole("dialog").getByLabel("In your words").fill("With the client, on site.");
  }),
  "notes-empty": {
    options: { notes: false },
    address: "/alerts/notes",
    ready: (page) => page.getByText("Nothing to answer").waitFor(),
  },
  "notes-failed": {
    expected: [/503/],
    address: "/alerts/notes",
    before: (server) => {
      server.mock.notesFail = true;
    },
    ready: (page) => page.getByRole("alert").waitFor(),
  },
  "notes-loading": {
    address: "/alerts/notes",
    before: (server) => {
      server.mock.notesHang = true;
    },
    ready: (page) => page.getByText("Loading…").waitFor({ state: "attached" }),
  },
  "alerts-refused": {
    expected: [/409/],
    address: "/alerts",
    ready: async (page, server) => {
      server.mock.refuseAlerts = true;
      await page
        .getByRole("button", { name: /^Resolve .+:/ })
        .first()
        .click();
      await page.getByRole("dialog").getByLabel("Note").fill("At the dentist.");
      await page.getByRole("dialog").getByRole("button", { name: "Resolve" }).click();
      await page.getByText("Your note: At the dentist.").waitFor();
    },
  },
  "alerts-empty": {
    options: { alerts: false },
    address: "/alerts",
    ready: (page) => page.getByText("Nobody needs you just now").waitFor(),
  },
  "alerts-failed": {
    expected: [/503/],
    address: "/alerts",
    before: (server) => {
      server.mock.alertsFail = true;
    },
    ready: (page) => page.getByRole("alert").waitFor(),
  },
  "alerts-loading": {
    address: "/alerts",
    before: (server) => {
      server.mock.alertsHang = true;
    },
    ready: (page) => page.getByText("Loading…").waitFor({ state: "attached" }),
  },
  "alert-arrives": {
    ready: async (page, server) => {
      await page.getByText("Up to the second").waitFor();
      await page.getByText("3 open").waitFor({ state: "attached" });
      server.alert();
      await page.getByRole("button", { name: "Dismiss" }).waitFor();
    },
  },
  ...inside("projects", "/projects", "admin", (page) => page.getByRole("table").waitFor()),
  ...inside("project", "/projects/01930000-0000-7000-8000-000000000810", "admin", (page) =>
    page.getByRole("table", { name: "People" }).waitFor(),
  ),
  ...inside("devices", "/people/devices", "admin", (page) => page.getByRole("table").waitFor()),
  ...inside("revoke", "/people/devices", "admin", async (page) => {
    await page
      .getByRole("button", { name: /^Revoke/ })
      .first()
      .click();
    await page.getByRole("dialog").waitFor();
  }),
  ...inside("enrolment", "/people/enrolment", "admin", (page) => page.getByRole("table").waitFor()),
  ...inside("token", "/people/enrolment", "admin", async (page) => {
    await page.getByRole("button", { name: "New token" }).click();
    await page.getByRole("button", { name: "Make token" }).click();
    await page.getByLabel("Token", { exact: true }).waitFor();
  }),
  ...settingsPages(inside),
  ...categoryPages,
  ...filePages(inside),
  ...inside("policy-tried", "/settings/policy", "admin", async (page) => {
    await page.getByLabel("Web address").fill("https://www.bank.example/");
    await page.getByRole("table").getByText("https://www.bank.example/", { exact: true }).waitFor();
    await page.getByRole("table").scrollIntoViewIfNeeded();
  }),
  ...inside("policy", "/settings/policy", "admin", (page) =>
    page.getByRole("button", { name: "Save" }).waitFor(),
  ),
  ...inside("audit", "/settings/audit", "admin", (page) => page.getByRole("table").waitFor()),
  "not-for-you": {
    options: { role: "employee" },
    address: "/settings",
    ready: (page) => page.getByRole("heading", { name: "not for your role" }).waitFor(),
  },
  away: {
    expected: [/503/],
    before: (server) => {
      server.mock.meFails = true;
    },
    ready: async (page) => {
      await page.getByText("Starting…").waitFor();
      await page.getByRole("alert").waitFor();
    },
  },
  "not-found": {
    address: "/nowhere",
    ready: (page) => page.getByRole("heading", { name: "There is no such page" }).waitFor(),
  },
};
