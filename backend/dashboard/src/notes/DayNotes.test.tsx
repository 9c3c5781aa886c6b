import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { type Answer, network, ok, problem } from "../../test/network";
import { dayOf, noteOf } from "../../test/notes";
import { drawLinked, faults } from "../../test/page";
import type { Timeline } from "../api/own";
import { DayNotes } from "./DayNotes";

const SPANS = [
  ["active", "08:00", "09:00"],
  ["idle", "09:00", "09:45"],
  ["active", "09:45", "12:00"],
] as const;

let sent: unknown[];

beforeEach(() => () => vi.unstubAllGlobals());

async function show(day: Timeline, who: { self: boolean; mayAnswer: boolean }, answers = {}) {
  const seen = network(answers as Record<string, Answer>);
  sent = seen.bodies;
  await drawLinked(<DayNotes day={day} {...who} />);
}

const OWN = { self: true, mayAnswer: false };
const MANAGER = { self: false, mayAnswer: true };

it("writes of a stretch without input, to the second, without typing a time", async () => {
  await show(dayOf(SPANS), OWN, { "POST /api/v1/notes": () => ok(noteOf("09:00", "09:45")) });
  screen.getByText(/One stretch is without input/);
  await userEvent.click(screen.getByRole("button", { name: "Add a note" }));
  const dialog = within(screen.getByRole("dialog"));
  expect(dialog.getByLabelText("From")).toHaveProperty("value", "09:00");
  expect(dialog.getByLabelText("To")).toHaveProperty("value", "09:45");
  await userEvent.selectOptions(dialog.getByLabelText("What it was"), "meeting");
  await userEvent.type(dialog.getByLabelText("In your words"), "  stand-up ");
  expect(await faults()).toEqual([]);
  await userEvent.click(dialog.getByRole("button", { name: "Add note" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(sent).toEqual([
    {
      from: "2026-11-18T09:00:00.000Z",
      to: "2026-11-18T09:45:00.000Z",
      kind: "meeting",
      text: "stand-up",
    },
  ]);
});

it("takes typed times by the organization's clock, and an end before the begin as the next day", async () => {
  await show(dayOf(SPANS), OWN, { "POST /api/v1/notes": () => ok(noteOf("09:00", "09:45")) });
  await userEvent.click(screen.getByRole("button", { name: "Add a note" }));
  const dialog = within(screen.getByRole("dialog"));
  await userEvent.selectOptions(dialog.getByLabelText("Time without input"), "Another time");
  for (const [label, time] of [
    ["From", "23:30"],
    ["To", "00:15"],
  ] as const) {
    await userEvent.clear(dialog.getByLabelText(label));
    await userEvent.type(dialog.getByLabelText(label), time);
  }
  await userEvent.click(dialog.getByRole("button", { name: "Add note" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toEqual({
    from: "2026-11-18T23:30:00.000Z",
    to: "2026-11-19T00:15:00.000Z",
    kind: "work",
  });
});

it("keeps what was written when the server refuses, and says why", async () => {
  await show(dayOf(SPANS), OWN, {
    "POST /api/v1/notes": () => problem(409, "conflict", { detail: "There is one already." }),
  });
  await userEvent.click(screen.getByRole("button", { name: "Add a note" }));
  const dialog = within(screen.getByRole("dialog"));
  await userEvent.selectOptions(dialog.getByLabelText("What it was"), "other");
  await userEvent.click(dialog.getByRole("button", { name: "Add note" }));
  dialog.getByText("Say what it was.");
  expect(sent).toEqual([]);
  await userEvent.type(dialog.getByLabelText("In your words"), "fire drill");
  await userEvent.click(dialog.getByRole("button", { name: "Add note" }));
  await dialog.findByText("There is one already.");
  expect(dialog.getByLabelText("In your words")).toHaveProperty("value", "fire drill");
});

it("changes and takes back what nobody has answered, and nothing else", async () => {
  const day = dayOf(SPANS, [
    noteOf("09:00", "09:45"),
    noteOf("10:00", "10:30", {
      state: "declined",
      answered_by_name: "Priya Nair",
      answered_at: "2026-11-18T12:00:00.000Z",
      answer: "You were in.",
    }),
  ]);
  await show(day, OWN, {
    "PUT /api/v1/notes/n0900": () => ok(noteOf("09:00", "09:45")),
    "DELETE /api/v1/notes/n0900": () => new Response(null, { status: 204 }),
  });
  expect(screen.getAllByRole("button", { name: /^Change/ })).toHaveLength(1);
  screen.getByText("You were in.");
  screen.getByText(/Declined by Priya Nair/);
  await userEvent.click(screen.getByRole("button", { name: /^Change/ }));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ version: 1, kind: "meeting", text: "With the client" });
  await userEvent.click(screen.getByRole("button", { name: /^Take back/ }));
  const dialog = within(screen.getByRole("dialog"));
  await userEvent.click(dialog.getByRole("button", { name: "Take back" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("is answered by a manager, under the version that was read", async () => {
  const day = dayOf(SPANS, [noteOf("09:00", "09:45", { version: 3 })]);
  await show(day, MANAGER, {
    "POST /api/v1/notes/n0900/answer": () => ok(noteOf("09:00", "09:45", { state: "accepted" })),
  });
  expect(screen.queryByRole("button", { name: "Add a note" })).toBeNull();
  expect(screen.queryByRole("button", { name: /^Change/ })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: /^Accept what Maya/ }));
  const dialog = within(screen.getByRole("dialog"));
  await userEvent.type(dialog.getByLabelText("Your answer"), "Thanks");
  expect(await faults()).toEqual([]);
  await userEvent.click(dialog.getByRole("button", { name: "Accept" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(sent).toEqual([{ version: 3, accepted: true, answer: "Thanks" }]);
});
