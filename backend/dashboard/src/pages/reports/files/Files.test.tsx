import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { network, ok, problem } from "../../../../test/network";
import { drawLinked, faults } from "../../../../test/page";
import type { ReportFile } from "../../../api/files";
import { Files, inWords, isUnderWay } from "./Files";
import { daysWrong } from "./NewFile";

afterEach(() => {
  vi.unstubAllGlobals();
});

const file = (change: Partial<ReportFile> = {}): ReportFile => ({
  id: "f",
  request: { content: "activity", format: "csv", from: "2026-11-01", to: "2026-11-02" },
  state: "running",
  rows_done: 3,
  rows_total: 12,
  bytes: 0,
  file_name: "workpulse.csv",
  created_at: "2026-11-22T09:00:00.000Z",
  finished_at: null,
  expires_at: null,
  ...change,
});

/** Nothing is made by itself here. */
const noSchedules = () => ok({ items: [], can_mail: true });

const page = (items: ReportFile[]) => ok({ items, next_cursor: null });

it("shows how far a file is, and the way to it when it is done", async () => {
  let now = file();
  network({
    "GET /api/v1/report-schedules": noSchedules,
    "GET /api/v1/exports": () => page([now]),
    "GET /api/v1/teams": () => page([]),
  });
  await drawLinked(<Files search={{}} today="2026-11-22" />);
  const bar = await screen.findByRole("progressbar", { name: "Rows written" });
  expect(bar.getAttribute("value")).toBe("3");
  expect(screen.getByText("3 of 12 rows")).toBeTruthy();
  expect(screen.queryByRole("link", { name: /Download/ })).toBeNull();
  now = file({ state: "done", rows_done: 12, bytes: 2_048 });
  const link = await screen.findByRole(
    "link",
    { name: "Download workpulse.csv" },
    { timeout: 4_000 },
  );
  expect(link.getAttribute("href")).toBe("/api/v1/exports/f/file");
  expect(await faults()).toEqual([]);
});

it("says why one failed, and deletes after a question only", async () => {
  let items = [file({ state: "failed", error: "Too large. Choose fewer days." })];
  const net = network({
    "GET /api/v1/report-schedules": noSchedules,
    "GET /api/v1/exports": () => page(items),
    "DELETE /api/v1/exports/f": () => {
      items = [];
      return ok(null, 204);
    },
  });
  await drawLinked(<Files search={{}} today="2026-11-22" />);
  expect(await screen.findByText("Too large. Choose fewer days.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Delete workpulse.csv" }));
  expect(net.asked).not.toContain("DELETE /api/v1/exports/f");
  await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Delete" }));
  expect(await screen.findByText("No files yet")).toBeTruthy();
});

it("asks for what the reports showed, and keeps what was chosen when it is refused", async () => {
  let refuse = true;
  const net = network({
    "GET /api/v1/report-schedules": noSchedules,
    "GET /api/v1/exports": () => page([]),
    "GET /api/v1/teams": () => page([]),
    "POST /api/v1/exports": () =>
      refuse ? problem(409, "conflict", { detail: "You have 20 files." }) : ok(file(), 202),
  });
  await drawLinked(
    <Files search={{ from: "2026-10-01", to: "2026-10-31", by: "day" }} today="2026-11-22" />,
  );
  await userEvent.click(await screen.findByRole("button", { name: "New file" }));
  const dialog = within(screen.getByRole("dialog"));
  await userEvent.click(dialog.getByRole("button", { name: "Make it" }));
  expect(await dialog.findByText("You have 20 files.")).toBeTruthy();
  refuse = false;
  await userEvent.click(dialog.getByRole("button", { name: "Make it" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(net.bodies[net.asked.lastIndexOf("POST /api/v1/exports")]).toEqual({
    content: "report",
    format: "xlsx",
    from: "2026-10-01",
    to: "2026-10-31",
    group_by: "day",
  });
});

it("days must be in order, and of activity not more than a year", () => {
  expect(daysWrong("report", "2026-11-02", "2026-11-01")).not.toBeNull();
  expect(daysWrong("report", "", "2026-11-01")).not.toBeNull();
  expect(daysWrong("report", "2020-01-01", "2026-11-01")).toBeNull();
  expect(daysWrong("activity", "2025-01-01", "2026-01-01")).toBeNull();
  expect(daysWrong("activity", "2025-01-01", "2026-01-02")).not.toBeNull();
});

it("names a file by what is in it", () => {
  expect(inWords(file()).what).toBe("Activity, span by span");
  const report = { ...file().request, content: "report", group_by: "domain" } as const;
  expect(inWords(file({ request: report })).what).toBe("Report by web site");
  expect(isUnderWay(file())).toBe(true);
  expect(isUnderWay(file({ state: "failed" }))).toBe(false);
});
