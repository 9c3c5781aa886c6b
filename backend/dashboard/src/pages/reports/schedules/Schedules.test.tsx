import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { type Answer, network, ok, problem } from "../../../../test/network";
import { drawLinked, faults } from "../../../../test/page";
import type { ReportSchedule, Terms } from "../../../api/schedules";
import { Schedules, timesInWords } from "./Schedules";

const TERMS: Terms = {
  name: "The week",
  every: "week",
  weekday: "monday",
  at: "07:00",
  group_by: "person",
  format: "pdf",
  compare: false,
  by_mail: true,
  enabled: true,
};

const weekly: ReportSchedule = {
  id: "s1",
  terms: TERMS,
  next_at: "2026-11-23T06:00:00.000Z",
  last_at: "2026-11-16T06:00:00.000Z",
  last_state: "done",
};

beforeEach(() => () => vi.unstubAllGlobals());

async function show(items: ReportSchedule[], canMail = true, more: Record<string, Answer> = {}) {
  const seen = network({
    "GET /api/v1/report-schedules": () => ok({ items, can_mail: canMail }),
    "GET /api/v1/teams": () => ok({ items: [], next_cursor: null }),
    ...more,
  });
  await drawLinked(<Schedules />);
  await screen.findByRole("button", { name: "New schedule" });
  return seen;
}

const sent = (seen: Awaited<ReturnType<typeof show>>, route: string) =>
  seen.bodies.filter((_, index) => seen.asked[index] === route);

it("says when each is made, of which days, and what came of the last", async () => {
  await show([weekly]);
  const row = within(await screen.findByRole("table")).getAllByRole("row")[1];
  expect(row?.textContent).toMatch(
    /The week.*PDF.*Each Monday at 07:00, of the seven days before.*Next.*Last.*Ready.*Told by mail/,
  );
  expect(timesInWords({ terms: { ...TERMS, every: "day" } })).toBe(
    "Each day at 07:00, of the day before",
  );
  expect(await faults()).toEqual([]);
});

it("makes one with what is usual, and by mail only where there is mail", async () => {
  const POST = "POST /api/v1/report-schedules";
  const seen = await show([], false, { [POST]: () => ok(weekly, 201) });
  screen.getByText(/This server sends no mail/);
  await userEvent.click(screen.getByRole("button", { name: "New schedule" }));
  const dialog = within(screen.getByRole("dialog"));
  expect(dialog.getByRole("checkbox")).toHaveProperty("disabled", true);
  await userEvent.selectOptions(dialog.getByLabelText("How often"), "month");
  expect(dialog.queryByLabelText("On")).toBeNull();
  await userEvent.clear(dialog.getByLabelText("Name"));
  await userEvent.click(dialog.getByRole("button", { name: "Make it so" }));
  dialog.getByText("Give it a name.");
  await userEvent.type(dialog.getByLabelText("Name"), "The month");
  await userEvent.click(dialog.getByRole("button", { name: "Make it so" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(sent(seen, POST)).toEqual([
    {
      name: "The month",
      every: "month",
      at: "07:00",
      group_by: "person",
      format: "xlsx",
      compare: false,
      by_mail: false,
      enabled: true,
    },
  ]);
});

it("pauses, and keeps what was chosen when a change is refused", async () => {
  const PUT = "PUT /api/v1/report-schedules/s1";
  let refuse = false;
  const seen = await show([weekly], true, {
    [PUT]: () => (refuse ? problem(503, "unavailable") : ok(weekly)),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Pause The week" }));
  await waitFor(() => expect(sent(seen, PUT)).toEqual([{ ...TERMS, enabled: false }]));
  refuse = true;
  await userEvent.click(screen.getByRole("button", { name: "Change The week" }));
  const dialog = within(screen.getByRole("dialog"));
  await userEvent.selectOptions(dialog.getByLabelText("On"), "friday");
  await userEvent.click(dialog.getByRole("button", { name: "Save" }));
  await dialog.findByRole("alert");
  expect(dialog.getByLabelText("On")).toHaveProperty("value", "friday");
});

it("deletes after a question only", async () => {
  const DELETE = "DELETE /api/v1/report-schedules/s1";
  const seen = await show([weekly], true, { [DELETE]: () => ok(null, 204) });
  await userEvent.click(await screen.findByRole("button", { name: "Delete The week" }));
  expect(seen.asked).not.toContain(DELETE);
  await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(seen.asked).toContain(DELETE));
});

it("a pause shows at once, and is taken back when the server refuses", async () => {
  let give: (response: Response) => void = () => {};
  await show([weekly], true, {
    "PUT /api/v1/report-schedules/s1": () =>
      new Promise((go) => {
        give = go;
      }),
  });
  await userEvent.click(await screen.findByRole("button", { name: /^Pause/ }));
  await screen.findByText("Paused");
  expect(screen.getByRole("button", { name: /^Go on|^Resume/ })).toBeTruthy();
  give(problem(409, "conflict"));
  await screen.findByText("Title of conflict");
  expect(screen.queryByText("Paused")).toBeNull();
  expect(screen.getByRole("button", { name: /^Pause/ })).toBeTruthy();
});
