// What the mock server answers about files of reports, and their page in every state.
import assert from "node:assert/strict";
import { HOSTILE, uuid } from "./people.mjs";

const iso = (millis) => new Date(millis).toISOString();
const HOUR = 3_600_000;

/** Files in every state, newest first. */
export function filesOf(now, hostile = false) {
  const days = { from: "2026-10-01", to: "2026-10-31" };
  const file = (n, request, change) => ({
    id: uuid(900 + n),
    request: { format: "xlsx", ...days, ...request },
    state: "done",
    rows_done: 0,
    rows_total: null,
    bytes: 0,
    file_name: `workpulse-${n}.${request.format ?? "xlsx"}`,
    created_at: iso(now - n * HOUR),
    finished_at: null,
    expires_at: null,
    ...change,
  });
  const done = (n, bytes, rows) => ({
    bytes,
    rows_done: rows,
    rows_total: rows,
    finished_at: iso(now - n * HOUR + 4_000),
    expires_at: iso(now - n * HOUR + 168 * HOUR),
  });
  return [
    file(
      1,
      { content: "activity", format: "csv" },
      { state: "running", rows_done: 61_400, rows_total: 214_300 },
    ),
    file(2, { content: "report", group_by: "person" }, { state: "waiting" }),
    file(3, { content: "report", group_by: "application", format: "pdf" }, done(3, 84_200, 41)),
    file(4, { content: "activity" }, done(4, 18_400_000, 204_117)),
    file(
      5,
      { content: "report", group_by: "day", format: "csv" },
      {
        state: "failed",
        error: hostile ? HOSTILE[2] : "The file would be larger than 512 MiB. Choose fewer days.",
        finished_at: iso(now - 5 * HOUR + 9_000),
      },
    ),
  ];
}

/** Routes by method and pattern, as those of `adminRoutes`. */
export function fileRoutes({ mock, json, problem }) {
  const one = /^\/api\/v1\/exports\/(?<id>[^/]+)$/;
  return [
    {
      method: "GET",
      pattern: /^\/api\/v1\/exports$/,
      answer: (res) => {
        // Until the server stops, which closes the connection.
        if (mock.filesHang) return undefined;
        return mock.filesFail
          ? problem(res, 503, "unavailable", "Not available just now", "Nothing was lost.")
          : json(res, 200, { items: mock.files, next_cursor: null });
      },
    },
    {
      method: "POST",
      pattern: /^\/api\/v1\/exports$/,
      answer: (res, _ids, body) => {
        const [first] = filesOf(Date.now());
        const made = {
          ...first,
          id: uuid(990),
          request: body,
          state: "waiting",
          rows_done: 0,
          rows_total: null,
          file_name: `workpulse-new.${body.format}`,
          created_at: iso(Date.now()),
        };
        mock.files = [made, ...mock.files];
        return json(res, 202, made);
      },
    },
    {
      method: "DELETE",
      pattern: one,
      answer: (res, { id }) => {
        mock.files = mock.files.filter((file) => file.id !== id);
        res.writeHead(204);
        res.end();
      },
    },
    {
      method: "GET",
      pattern: /^\/api\/v1\/exports\/(?<id>[^/]+)\/file$/,
      answer: (res) => {
        res.writeHead(200, { "content-type": "text/csv", "content-disposition": "attachment" });
        res.end("a,b\r\n");
      },
    },
  ];
}

/** `inside` as in `pages.mjs`: each page with believable and with hostile texts. */
export function filePages(inside) {
  const table = (page) => page.getByRole("table", { name: "Files of reports" }).waitFor();
  return {
    ...inside("files", "/reports/files", "manager", table),
    ...inside("files-new", "/reports/files", "manager", async (page) => {
      await page.getByRole("button", { name: "New file" }).click();
      await page.getByRole("dialog").getByLabel("Content").waitFor();
    }),
    ...inside("files-again", "/reports/files", "manager", async (page) => {
      await page.getByRole("button", { name: "New schedule" }).click();
      await page.getByRole("dialog").getByLabel("How often").waitFor();
    }),
    "files-empty": {
      address: "/reports/files",
      before: (server) => {
        server.mock.files = [];
        server.mock.schedules = [];
      },
      ready: (page) => page.getByText("No files yet").waitFor(),
    },
    "files-failed": {
      expected: [/503/],
      address: "/reports/files",
      before: (server) => {
        server.mock.filesFail = true;
      },
      ready: (page) => page.getByRole("alert").waitFor(),
    },
    "files-loading": {
      address: "/reports/files",
      before: (server) => {
        server.mock.filesHang = true;
      },
      ready: (page) => page.getByText("Loading…").first().waitFor({ state: "attached" }),
    },
  };
}

export async function fileScenarios(scenario) {
  await scenario(
    "files are asked for, watched, taken and deleted",
    { schedules: false },
    async (page, server) => {
      server.mock.files = [];
      await page.goto(`${server.address}/reports/files?by=project&range=last-month`);
      await page.getByRole("button", { name: "New file" }).click();
      const dialog = page.getByRole("dialog");
      assert.equal(await dialog.getByLabel("By", { exact: true }).inputValue(), "project");
      await dialog.getByLabel("Format").selectOption("csv");
      await dialog.getByRole("button", { name: "Make it" }).click();
      const row = page.getByRole("row", { name: /Report by project/ });
      await row.getByText("Waiting").waitFor();
      const change = (part) => {
        server.mock.files = server.mock.files.map((file) => ({ ...file, ...part }));
      };
      change({ state: "running", rows_done: 5, rows_total: 20 });
      await row.getByText("5 of 20 rows").waitFor();
      const bar = row.getByRole("progressbar", { name: "Rows written" });
      assert.equal(await bar.getAttribute("value"), "5");
      change({ state: "done", rows_done: 20, bytes: 2_048 });
      await row.getByText("Ready").waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        row.getByRole("link", { name: /Download/ }).click(),
      ]);
      assert.equal(download.suggestedFilename(), "workpulse-new.csv");
      await row.getByRole("button", { name: /Delete/ }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByText("No files yet").waitFor();
    },
  );

  await scenario(
    "files are made again and again, paused, changed and given up",
    { schedules: false },
    async (page, server) => {
      await page.goto(`${server.address}/reports/files`);
      await page.getByText("Nothing is made by itself yet.").waitFor();
      await page.getByRole("button", { name: "New schedule" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Name").fill("The day");
      await dialog.getByLabel("How often").selectOption("day");
      await dialog.getByRole("button", { name: "Make it so" }).click();
      const row = page.getByRole("row", { name: /The day/ });
      await row.getByText("Each day at 07:00, of the day before").waitFor();
      assert.equal(server.mock.schedules[0].terms.by_mail, true);
      await row.getByRole("button", { name: "Pause The day" }).click();
      await row.getByText("Paused").waitFor();
      await row.getByRole("button", { name: "Change The day" }).click();
      await dialog.getByLabel("At", { exact: true }).fill("18:30");
      await dialog.getByRole("button", { name: "Save" }).click();
      await row.getByText("Each day at 18:30, of the day before").waitFor();
      await row.getByRole("button", { name: "Delete The day" }).click();
      await dialog.getByRole("button", { name: "Delete" }).click();
      await page.getByText("Nothing is made by itself yet.").waitFor();
    },
  );
}
