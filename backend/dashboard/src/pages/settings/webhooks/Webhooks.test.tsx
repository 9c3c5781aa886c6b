import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { iso, NOW } from "../../../../test/given";
import { type Answer, network, ok, problem } from "../../../../test/network";
import { drawLinked, faults } from "../../../../test/page";
import type { Delivery, Webhook } from "../../../api/webhooks";
import { outcome, readable } from "./outcome";
import { lookAgain } from "./useWebhook";
import { WebhookPage } from "./WebhookPage";
import { Webhooks } from "./Webhooks";

const hook = (change: Partial<Webhook> = {}): Webhook => ({
  id: "h1",
  url: "https://hooks.example.org/in",
  label: "Chat",
  kinds: ["alert.opened"],
  created_at: iso(NOW),
  ...change,
});
const message = (id: string, change: Partial<Delivery> = {}): Delivery => ({
  id,
  kind: "alert.opened",
  body: '{"type":"alert.opened"}',
  state: "failed",
  created_at: iso(NOW),
  attempts: 10,
  error: "timeout",
  duration_ms: 15_000,
  ...change,
});

let now: Webhook;
let log: Delivery[];
let sent: unknown[];
let asked: string[];

beforeEach(() => {
  now = hook();
  log = [message("m1"), message("m2", { state: "delivered", status: 204, error: null })];
  return () => vi.unstubAllGlobals();
});

async function open(more: Record<string, Answer> = {}): Promise<{ deleted: () => number }> {
  const onDeleted = vi.fn();
  const seen = network({
    "GET /api/v1/webhooks/h1": () => ok(now),
    "GET /api/v1/webhooks/h1/deliveries": () => ok({ items: log, next_cursor: null }),
    ...more,
  });
  sent = seen.bodies;
  asked = seen.asked;
  await drawLinked(<WebhookPage id="h1" onDeleted={onDeleted} />);
  await screen.findByRole("heading", { name: "Chat" });
  return { deleted: () => onDeleted.mock.calls.length };
}

const press = (name: string | RegExp) => userEvent.click(screen.getByRole("button", { name }));
const dialog = async () => within(await screen.findByRole("dialog"));

it("makes a webhook: the server's words at the field, the secret once", async () => {
  let refuse = true;
  const onOpen = vi.fn();
  const seen = network({
    "GET /api/v1/webhooks": () => ok({ items: [], next_cursor: null }),
    "POST /api/v1/webhooks": () =>
      refuse
        ? problem(422, "validation", {
            fields: [{ field: "url", message: "must begin with https://" }],
          })
        : ok({ webhook: hook(), secret: "whsec_once" }, 201),
  });
  await drawLinked(<Webhooks onOpen={onOpen} />);
  await screen.findByText("No webhook yet");
  await press("New webhook");
  const form = await dialog();
  await userEvent.click(form.getByRole("checkbox", { name: "An alert opens" }));
  await userEvent.click(form.getByRole("checkbox", { name: /resolved/ }));
  await userEvent.click(form.getByRole("button", { name: "Make webhook" }));
  expect(form.getByText("Choose at least one.")).toBeTruthy();
  expect(form.getByText(/^Enter an address/)).toBeTruthy();
  expect(seen.asked).toEqual(["GET /api/v1/webhooks"]);
  await userEvent.click(form.getByRole("checkbox", { name: "A session starts" }));
  await userEvent.type(form.getByLabelText("Address"), " http://chat ");
  await userEvent.click(form.getByRole("button", { name: "Make webhook" }));
  await form.findByText("Address must begin with https://");
  expect(document.activeElement).toBe(form.getByLabelText("Address"));
  expect(await faults()).toEqual([]);
  refuse = false;
  await userEvent.click(form.getByRole("button", { name: "Make webhook" }));
  const shown = await dialog();
  expect(await shown.findByDisplayValue("whsec_once")).toBeTruthy();
  expect(seen.bodies).toContainEqual({
    url: "http://chat",
    label: "",
    kinds: ["session.started"],
  });
  await userEvent.click(shown.getByRole("button", { name: "Go to the webhook" }));
  expect(onOpen).toHaveBeenCalledWith("h1");
});

it("turns off at once, and back on where the server refuses", async () => {
  let answer: (response: Response) => void = () => {};
  await open({ "PATCH /api/v1/webhooks/h1": () => new Promise((go) => (answer = go)) });
  await press("Turn off");
  await screen.findByText(/An admin turned it off\./);
  expect(screen.queryByRole("button", { name: "Send a test" })).toBeNull();
  await act(async () => answer(problem(503, "unavailable")));
  expect((await screen.findByRole("alert")).textContent).toContain("It is as it was before");
  expect(screen.getByRole("button", { name: "Turn off" })).toBeTruthy();
  expect(sent).toContainEqual({ on: false });
});

it("says why it is off, and since when it fails", async () => {
  now = hook({ off_since: iso(NOW), off_because: "gone" });
  await open();
  expect(screen.getByText(/its address answered 410/)).toBeTruthy();
  expect(screen.getByText(/Off since/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: /^Send again/ })).toBeNull();
});

it("a test stands in the log, which follows it by itself", async () => {
  await open({
    "POST /api/v1/webhooks/h1/test": () => {
      const test = message("m0", {
        kind: "webhook.test",
        state: "waiting",
        attempts: 0,
        error: null,
        duration_ms: null,
        next_attempt_at: new Date().toISOString(),
      });
      log = [test, ...log];
      return ok(test, 202);
    },
  });
  await press("Send a test");
  const row = (await screen.findByText("A test")).closest("tr") as HTMLElement;
  expect(within(row).getByText("Waits")).toBeTruthy();
  expect(within(row).getByText("None so far")).toBeTruthy();
  log = [
    message("m0", { kind: "webhook.test", state: "delivered", status: 200, error: null }),
    ...log.slice(1),
  ];
  await waitFor(() => expect(within(row).getByText("Answered 200")).toBeTruthy(), {
    timeout: 10_000,
  });
});

it("sends a message again at once, and takes it back where the server refuses", async () => {
  let answer: (response: Response) => void = () => {};
  await open({
    "POST /api/v1/webhooks/h1/deliveries/m1/again": () => new Promise((go) => (answer = go)),
  });
  const table = within(await screen.findByRole("table", { name: "Messages" }));
  const [again] = table.getAllByRole("button", { name: /^Send again/ });
  await userEvent.click(again as HTMLElement);
  await table.findByText("Waits");
  await act(async () => answer(problem(409, "conflict")));
  expect((await screen.findByRole("alert")).textContent).toContain("Detail of conflict.");
  expect(table.getByText("Given up")).toBeTruthy();
  expect(table.queryByText("Waits")).toBeNull();
  expect(await faults()).toEqual([]);
});

it("shows what was sent and answered", async () => {
  log = [message("m1", { status: 500, error: "status", answer: "<b>no</b>" })];
  await open();
  await screen.findByRole("table", { name: "Messages" });
  await press(/^Show:/);
  const shown = await dialog();
  expect(shown.getByText("<b>no</b>")).toBeTruthy();
  expect(shown.getByText(/"type": "alert\.opened"/)).toBeTruthy();
  expect(await faults()).toEqual([]);
});

it("sends only what was changed", async () => {
  await open({
    "PATCH /api/v1/webhooks/h1": () => {
      now = hook({ label: "Chat of support" });
      return ok(now);
    },
  });
  await press("Change");
  const form = await dialog();
  await userEvent.type(form.getByLabelText("What it is for"), " of support");
  await userEvent.click(form.getByRole("button", { name: "Save" }));
  await screen.findByRole("heading", { name: "Chat of support" });
  expect(sent).toContainEqual({ label: "Chat of support" });
});

it("deletes only after a question", async () => {
  const { deleted } = await open({ "DELETE /api/v1/webhooks/h1": () => ok(null, 204) });
  await press("Delete");
  const question = await dialog();
  expect(asked).not.toContain("DELETE /api/v1/webhooks/h1");
  await userEvent.click(question.getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(deleted()).toBe(1));
});

it.each([
  [{ status: 204, error: null }, "Answered 204"],
  [{ status: 302, error: "redirect" }, "Answered 302: a redirect, which is not followed"],
  [{ status: 503, error: "status" }, "Answered 503"],
  [{ error: "timeout" }, "No answer within 15 seconds"],
  [{ error: "new_word" }, "It did not arrive: new_word"],
  [{ error: null }, "None so far"],
])("says what was answered: %o", (change, words) => {
  expect(outcome(message("m1", change))).toBe(words);
});

it("lays JSON out, and leaves anything else", () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(readable("<html>")).toBe("<html>");
});

it("looks again soon while something is about to be sent only", () => {
  const later = message("m1", { state: "waiting", next_attempt_at: iso(NOW + 7_200_000) });
  const soon = message("m2", { state: "waiting", next_attempt_at: iso(NOW + 5_000) });
  expect(lookAgain([later, soon], NOW)).toBeLessThan(lookAgain([later], NOW));
});
