import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { type Answer, network, ok, problem } from "../../../test/network";
import { drawLinked, faults } from "../../../test/page";
import type { Organization as Values } from "../../api/settings";
import { fittingZones } from "../../ui/ZoneField";
import { Organization } from "./Organization";

let now: Values;
let sent: unknown[];

beforeEach(() => {
  now = {
    id: "org",
    name: "Northwind Studio",
    time_zone: "Europe/Berlin",
    registration_open: false,
    registration_domains: [],
    devices_need_approval: false,
    retention_days: 365,
    idle_alert_seconds: 300,
    overtime_alert_seconds: 32_400,
    quiet_hours: [],
    alert_mail: false,
  };
  return () => vi.unstubAllGlobals();
});

async function show(patch?: Answer): Promise<{ changed: () => number }> {
  const onChanged = vi.fn();
  const seen = network({
    "GET /api/v1/organization": () => ok(now),
    "PATCH /api/v1/organization":
      patch ??
      (async (request) => {
        now = { ...now, ...((await request.json()) as Partial<Values>) };
        return ok(now);
      }),
  });
  sent = seen.bodies;
  await drawLinked(<Organization onChanged={onChanged} />);
  await section("Name and ID");
  return { changed: () => onChanged.mock.calls.length };
}

const section = async (name: string) => within(await screen.findByRole("form", { name }));
const press = async (name: string, button: string) =>
  userEvent.click((await section(name)).getByRole("button", { name: button }));
const patches = () => sent.filter((body) => body !== null);

it("saves one section by itself, and only what it holds", async () => {
  const { changed } = await show();
  const name = await section("Name and ID");
  await userEvent.clear(name.getByLabelText("Name"));
  await press("Name and ID", "Save");
  expect(name.getByText("Name your organization.")).toBeTruthy();
  expect(document.activeElement).toBe(name.getByLabelText("Name"));
  await userEvent.type(name.getByLabelText("Name"), " Fjord ");
  await press("Name and ID", "Save");
  await name.findByText("Saved.");
  expect(patches()).toEqual([{ name: "Fjord" }]);
  expect(changed()).toBe(1);
  // Nothing is left to save, so nothing is sent.
  await press("Name and ID", "Save");
  expect(patches().length).toBe(1);
  expect(await faults()).toEqual([]);
});

it("asks before all days are made again, and shows how far that is until it is over", async () => {
  await show(async (request) => {
    now = { ...now, ...((await request.json()) as Partial<Values>) };
    const answer = ok(now);
    now = {
      ...now,
      days_remade: {
        reason: "zone",
        asked_at: "2026-11-18T13:20:00.000Z",
        people: 26,
        people_done: 9,
      },
    };
    return answer;
  });
  const zone = await section("Time zone");
  const field = zone.getByRole("combobox", { name: "Days begin and end in" });
  await userEvent.clear(field);
  await userEvent.type(field, "new york");
  await userEvent.click(
    await screen.findByRole("option", { name: "America/New_York", hidden: true }),
  );
  await press("Time zone", "Save");
  const question = await screen.findByRole("dialog", {
    name: "Make all days again in America/New_York?",
  });
  expect(patches()).toEqual([]);
  await userEvent.click(within(question).getByRole("button", { name: "Make days again" }));
  await zone.findByText(/9 of 26 people done/);
  expect(screen.getByText("Days begin and end in America/New_York.")).toBeTruthy();
  expect(patches()).toEqual([{ time_zone: "America/New_York" }]);
  const { days_remade: _, ...over } = now;
  now = over;
  await zone.findByText("All days have been made again.", {}, { timeout: 10_000 });
});

it("a switch moves at once, and back where the server refuses, with its words", async () => {
  let answer: (response: Response) => void = () => {};
  await show(() => new Promise((go) => (answer = go)));
  const mail = await screen.findByRole("checkbox", { name: "Alert mail" });
  await userEvent.click(mail);
  await waitFor(() => expect(mail).toHaveProperty("checked", true));
  await act(async () =>
    answer(
      problem(422, "validation", {
        fields: [{ field: "alert_mail", message: "needs a mail server: ask IT" }],
      }),
    ),
  );
  await screen.findByText("Alert mail needs a mail server: ask IT");
  expect(mail).toHaveProperty("checked", false);
});

it("keeps what was typed where the server refuses, and shows what holds elsewhere", async () => {
  let refuse = true;
  await show(async (request) => {
    if (refuse) return problem(503, "unavailable");
    now = { ...now, ...((await request.json()) as Partial<Values>) };
    return ok(now);
  });
  const alerts = await section("Alerts");
  await userEvent.clear(alerts.getByLabelText("Long day after, in hours"));
  await userEvent.type(alerts.getByLabelText("Long day after, in hours"), "25");
  await press("Alerts", "Save");
  expect(alerts.getByText("From 1 to 24 hours.")).toBeTruthy();
  await userEvent.clear(alerts.getByLabelText("Long day after, in hours"));
  await userEvent.type(alerts.getByLabelText("Long day after, in hours"), "8,5");
  await press("Alerts", "Save");
  expect((await screen.findByRole("alert")).textContent).toContain("Not saved");
  expect(alerts.getByLabelText("Long day after, in hours")).toHaveProperty("value", "8,5");
  refuse = false;
  await press("Alerts", "Save");
  await alerts.findByText("Saved.");
  expect(patches().at(-1)).toEqual({ overtime_alert_seconds: 30_600 });
  expect(alerts.getByLabelText("Long day after, in hours")).toHaveProperty("value", "8.5");
});

it("shows the server's words about mail domains at their field", async () => {
  await show(() =>
    problem(422, "validation", {
      fields: [{ field: "registration_domains", message: "must be mail domains" }],
    }),
  );
  const joining = await section("Joining");
  await userEvent.click(joining.getByRole("checkbox"));
  await userEvent.type(joining.getByLabelText("Only with these mail domains"), "nonsense");
  await press("Joining", "Save");
  await joining.findByText("Only with these mail domains must be mail domains");
  expect(joining.queryByRole("alert")).toBeNull();
});

it("makes several lines of quiet hours, each read back in words", async () => {
  await show();
  const quiet = await section("Quiet hours");
  expect(quiet.getByText("None: alerts are told at any time.")).toBeTruthy();
  await press("Quiet hours", "Add hours");
  await press("Quiet hours", "Add hours");
  const second = within(quiet.getByRole("listitem", { name: "Quiet hours 2" }));
  for (const day of ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]) {
    await userEvent.click(second.getByRole("checkbox", { name: day }));
  }
  await press("Quiet hours", "Save");
  expect(second.getByText("Choose at least one day.")).toBeTruthy();
  expect(patches()).toEqual([]);
  await userEvent.click(second.getByRole("checkbox", { name: "Sunday" }));
  expect(second.getByText("Sunday, 08:00 PM until 07:00 AM on the next day")).toBeTruthy();
  expect(await faults()).toEqual([]);
  await press("Quiet hours", "Save");
  await quiet.findByText("Saved.");
  expect(patches()).toEqual([
    {
      quiet_hours: [
        {
          weekdays: ["monday", "tuesday", "wednesday", "thursday", "friday"],
          from: "20:00",
          to: "07:00",
        },
        { weekdays: ["sunday"], from: "20:00", to: "07:00" },
      ],
    },
  ]);
  await press("Quiet hours", "Remove quiet hours 1");
  expect(quiet.getAllByRole("listitem").length).toBe(1);
});

it("asks before activity is removed for good, and not before more is kept", async () => {
  await show();
  const keeping = await section("How long activity is kept");
  const days = keeping.getByLabelText("Days");
  await userEvent.clear(days);
  await userEvent.type(days, "90");
  await press("How long activity is kept", "Save");
  const question = await screen.findByRole("dialog", { name: "Keep activity for 90 days only?" });
  await userEvent.click(within(question).getByRole("button", { name: "Cancel" }));
  expect(patches()).toEqual([]);
  await userEvent.clear(days);
  await userEvent.type(days, "400");
  await press("How long activity is kept", "Save");
  await keeping.findByText("Saved.");
  expect(patches()).toEqual([{ retention_days: 400 }]);
});

it("finds zones by any words of their names", () => {
  const options = ["America/New_York", "Europe/Berlin", "Etc/GMT-3"].map((value) => ({
    value,
    label: value,
  }));
  const found = (search: string) =>
    fittingZones({ options, search, limit: 10 }).map((one) => (one as { value: string }).value);
  expect(found("york america")).toEqual(["America/New_York"]);
  expect(found("gmt-3")).toEqual(["Etc/GMT-3"]);
  expect(found("")).toHaveLength(3);
});
