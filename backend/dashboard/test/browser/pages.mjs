// Every page in every state: options of the mock server, address, and how to get there.
import { HOSTILE } from "./people.mjs";

/** By name; `expected` are the console's messages that belong to it. */
export const PAGES = {
  live: { ready: (page) => page.getByText("Up to the second").waitFor() },
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
        last_contact_at: null,
      }));
    },
    ready: (page) => page.getByText("No device has reported yet").waitFor(),
  },
  employee: {
    options: { role: "employee" },
    ready: (page) => page.getByText("You see your own day").waitFor(),
  },
  hostile: {
    options: { hostile: true, organization: { name: HOSTILE[5], time_zone: "America/New_York" } },
    ready: (page) => page.getByText("Up to the second").waitFor(),
  },
  login: {
    options: { loggedIn: false },
    expected: [/401/],
    ready: (page) => page.getByRole("button", { name: "Log in" }).waitFor(),
  },
  "login-failed": {
    options: { loggedIn: false },
    expected: [/401/],
    ready: async (page) => {
      await page.getByLabel("E-mail").fill("robin@northwind.example");
      await page.getByLabel("Password").fill("wrong");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
    },
  },
  setup: {
    options: { loggedIn: false, setupNeeded: true },
    expected: [/401/],
    ready: (page) => page.getByRole("button", { name: "Create organization" }).waitFor(),
  },
  "setup-zone": {
    options: { loggedIn: false, setupNeeded: true },
    expected: [/401/, /422/],
    ready: async (page) => {
      await page.getByRole("button", { name: "Create organization" }).click();
      await page.getByRole("combobox", { name: "Time zone" }).fill("lis");
      await page.getByRole("option", { name: "Europe/Lisbon" }).waitFor();
    },
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
