// The pages of the organization's settings in every state.
import { HOSTILE, uuid } from "./people.mjs";

/** `inside` as in `pages.mjs`: each page with believable and with hostile texts. */
export function settingsPages(inside) {
  const admin = { role: "admin" };
  const form = (page, name) => page.getByRole("form", { name, exact: true });
  return {
    ...inside("organization", "/settings", "admin", (page) => form(page, "Time zone").waitFor()),
    "organization-zone": {
      options: admin,
      address: "/settings",
      ready: async (page) => {
        await form(page, "Time zone").getByRole("combobox").fill("york");
        await page.getByRole("option", { name: "America/New_York" }).waitFor();
      },
    },
    "organization-question": {
      options: admin,
      address: "/settings",
      ready: async (page) => {
        await form(page, "Time zone").getByRole("combobox").fill("york");
        await page.getByRole("option", { name: "America/New_York" }).click();
        await form(page, "Time zone").getByRole("button", { name: "Save" }).click();
        await page.getByRole("dialog").waitFor();
      },
    },
    "organization-remaking": {
      options: admin,
      address: "/settings",
      before: (server) => {
        server.mock.remade = {
          reason: "zone",
          asked_at: new Date(Date.now() - 90_000).toISOString(),
          people: 26,
          people_done: 9,
        };
      },
      ready: (page) => page.getByRole("progressbar").waitFor(),
    },
    "organization-quiet": {
      options: admin,
      address: "/settings",
      ready: async (page) => {
        const quiet = form(page, "Quiet hours");
        await quiet.getByRole("button", { name: "Add hours" }).click();
        const third = quiet.getByRole("listitem", { name: "Quiet hours 3" });
        for (const day of ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]) {
          await third.getByRole("checkbox", { name: day }).uncheck();
        }
        await quiet.getByRole("button", { name: "Save" }).click();
        await quiet.getByText("Choose at least one day.").waitFor();
      },
    },
    "organization-refused": {
      options: admin,
      address: "/settings",
      expected: [/503/, /422/],
      ready: async (page, server) => {
        await page.getByRole("checkbox", { name: "Alert mail" }).click();
        await page.getByText(/^Alert mail needs a mail server/).waitFor();
        server.mock.refuseSettings = true;
        await form(page, "Alerts").getByLabel("No input for").fill("12.5");
        await form(page, "Alerts").getByRole("button", { name: "Save" }).click();
        await page.getByText("Not saved").waitFor();
      },
    },
    "organization-failed": {
      options: admin,
      address: "/settings",
      expected: [/503/],
      before: (server) => {
        server.mock.settingsFail = true;
      },
      ready: (page) => page.getByRole("alert").waitFor(),
    },
    "organization-loading": {
      options: admin,
      address: "/settings",
      before: (server) => {
        server.mock.settingsHang = true;
      },
      ready: (page) => page.getByText("Loading…").waitFor({ state: "attached" }),
    },
    ...inside("webhooks", "/settings/webhooks", "admin", (page) =>
      page.getByRole("table", { name: "Webhooks" }).waitFor(),
    ),
    ...inside("webhooks-new", "/settings/webhooks", "admin", async (page) => {
      await page.getByRole("button", { name: "New webhook" }).click();
      await page.getByRole("dialog").getByLabel("Address").waitFor();
    }),
    "webhooks-secret": {
      options: admin,
      address: "/settings/webhooks",
      ready: async (page) => {
        await page.getByRole("button", { name: "New webhook" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Address").fill("https://hooks.northwind.example/calendar");
        await dialog.getByRole("button", { name: "Make webhook" }).click();
        await dialog.getByLabel("Secret").waitFor();
      },
    },
    ...inside("webhook", `/settings/webhooks/${uuid(8001)}`, "admin", (page) =>
      page.getByRole("table", { name: "Messages" }).waitFor(),
    ),
    ...inside("webhook-message", `/settings/webhooks/${uuid(8001)}`, "admin", async (page) => {
      await page
        .getByRole("button", { name: /^Show:/ })
        .first()
        .click();
      await page.getByRole("heading", { name: "What is sent" }).waitFor();
    }),
    ...inside("webhook-off", `/settings/webhooks/${uuid(8002)}`, "admin", (page) =>
      page.getByText("No message yet").waitFor(),
    ),
    "webhooks-empty": {
      options: admin,
      address: "/settings/webhooks",
      before: (server) => {
        server.mock.webhooks.list = [];
      },
      ready: (page) => page.getByText("No webhook yet").waitFor(),
    },
    "webhooks-failed": {
      options: admin,
      address: "/settings/webhooks",
      expected: [/503/],
      before: (server) => {
        server.mock.webhooksFail = true;
      },
      ready: (page) => page.getByRole("alert").waitFor(),
    },
    jobs: {
      options: admin,
      address: "/settings/jobs",
      ready: (page) => page.getByRole("table", { name: "For the whole server" }).waitFor(),
    },
    "jobs-fine": {
      options: admin,
      address: "/settings/jobs",
      before: (server) => {
        server.mock.jobs = server.mock.jobs.slice(0, 11);
      },
      ready: (page) => page.getByText("Everything runs as it should.").waitFor(),
    },
    "jobs-hostile": {
      options: admin,
      address: "/settings/jobs",
      before: (server) => {
        const [own] = server.mock.jobs;
        Object.assign(own.last_run, { outcome: HOSTILE[5], error: HOSTILE[1], state: "failed" });
        Object.assign(server.mock.jobs[1], { name: HOSTILE[0], expression: HOSTILE[6] });
      },
      ready: (page) => page.getByRole("table", { name: "For the whole server" }).waitFor(),
    },
    "jobs-failed": {
      options: admin,
      address: "/settings/jobs",
      expected: [/503/],
      before: (server) => {
        server.mock.jobsFail = true;
      },
      ready: (page) => page.getByRole("alert").waitFor(),
    },
    "jobs-loading": {
      options: admin,
      address: "/settings/jobs",
      before: (server) => {
        server.mock.jobsHang = true;
      },
      ready: (page) => page.getByText("Loading…").waitFor({ state: "attached" }),
    },
  };
}
