// The pages before the log-in, in every state.
import { HOSTILE } from "./people.mjs";

export function entrancePages() {
  return {
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
    join: {
      options: { loggedIn: false },
      address: "/join#token=wpi_abc",
      ready: (page) => page.getByRole("button", { name: "Join" }).waitFor(),
    },
    "join-spent": {
      options: { loggedIn: false },
      expected: [/409/],
      address: "/join#token=wpi_spent",
      ready: (page) => page.getByRole("alert").waitFor(),
    },
    "join-by-id": {
      options: { loggedIn: false },
      expected: [/422/],
      address: "/join?organization=01930000-0000-7000-8000-00000000aaaa",
      ready: async (page) => {
        await page.getByLabel("Your work e-mail").fill("nora@northwind.example");
        await page.getByRole("button", { name: "Continue" }).click();
        await page.getByLabel("Your name").waitFor();
      },
    },
    "join-hostile": {
      options: { loggedIn: false, hostile: true, organization: { name: HOSTILE[5] } },
      address: "/join#token=wpi_abc",
      ready: (page) => page.getByRole("button", { name: "Join" }).waitFor(),
    },
    reset: {
      options: { loggedIn: false },
      address: "/reset#token=wpr_abc",
      ready: async (page) => {
        await page.getByLabel("New password").fill("correct horse");
        await page.getByText("Good enough.").waitFor();
      },
    },
    forgot: {
      options: { loggedIn: false },
      address: "/forgot",
      ready: (page) => page.getByRole("button", { name: "Send the link" }).waitFor(),
    },
  };
}
