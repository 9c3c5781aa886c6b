import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { network, ok, problem } from "../../../test/network";
import { draw, faults } from "../../../test/page";
import { type CapturePolicy, settings } from "../../api/settings";
import { PolicyForm } from "./PolicyForm";

afterEach(() => {
  vi.unstubAllGlobals();
});

const policy: CapturePolicy = {
  version: 4,
  applications: true,
  titles: false,
  urls: false,
  excluded_applications: [],
  excluded_patterns: [],
  url_rules: [],
  window_rules: [],
  working_hours: null,
  pause: { allowed: true, longest_seconds: null },
  idle_after_seconds: 120,
  session_gap_seconds: 1800,
  auto_start: true,
  record_while_pending: true,
  ask_on_return: true,
  needs: [],
};

const preview = { "POST /api/v1/policy/preview": () => ok({ windows: [] }) };

function drawForm(given = policy) {
  draw(
    <main>
      <PolicyForm
        policy={given}
        save={settings.setPolicy}
        read={settings.policy}
        onSaved={() => {}}
      />
    </main>,
  );
}

it("tells the second of two admins, keeps what they wrote, and lets them decide", async () => {
  const theirs = { ...policy, version: 5, urls: true };
  let now = theirs;
  const net = network({
    ...preview,
    "GET /api/v1/policy": () => ok(now),
    "PUT /api/v1/policy": async (request) => {
      const sent = (await request.json()) as CapturePolicy;
      if (sent.version !== now.version) return problem(409, "conflict");
      now = { ...sent, version: now.version + 1 };
      return ok(now);
    },
  });
  drawForm();
  await userEvent.click(screen.getByLabelText("Window titles"));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Somebody else changed it in the meantime")).toBeTruthy();
  expect(await screen.findByText("The address of the web page in front.")).toBeTruthy();
  expect(screen.getByLabelText("Window titles")).toHaveProperty("checked", true);
  expect(await faults()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Put mine on top" }));
  expect(await screen.findByText(/^Saved as version 6/)).toBeTruthy();
  expect(net.bodies.at(-1)).toMatchObject({ version: 5, titles: true, urls: false });
});

it("what cannot be sent is named at its field", async () => {
  const net = network(preview);
  drawForm();
  const idle = screen.getByLabelText("Idle after, in seconds");
  await userEvent.clear(idle);
  await userEvent.type(idle, "5{Enter}");
  await waitFor(() => expect(idle.getAttribute("aria-invalid")).toBe("true"));
  expect(screen.getByText("A whole number from 10 to 3,600.")).toBeTruthy();
  expect(net.asked.filter((one) => one !== "POST /api/v1/policy/preview")).toEqual([]);
});

it("takes working hours by days and times, says what is wrong on their line, and sends them", async () => {
  const net = network({
    ...preview,
    "PUT /api/v1/policy": async (request) => {
      const sent = (await request.json()) as CapturePolicy;
      return ok({ ...sent, version: sent.version + 1 });
    },
  });
  drawForm();
  await userEvent.click(screen.getByLabelText("Only in working hours"));
  const first = within(screen.getByRole("listitem", { name: "Working hours 1" }));
  expect(first.getByText("Monday to Friday, 08:00 AM until 06:00 PM")).toBeTruthy();
  for (const day of ["Monday", "Tuesday", "Wednesday"]) {
    await userEvent.click(first.getByRole("checkbox", { name: day }));
  }
  fireEvent.change(first.getByLabelText("Until"), { target: { value: "07:30" } });
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await first.findByText(/^They end after they begin/)).toBeTruthy();
  const until = first.getByLabelText("Until");
  expect(until.getAttribute("aria-invalid")).toBe("true");
  // Both times make the stretch, so the first of them is gone to.
  expect(document.activeElement).toBe(first.getByLabelText("From"));
  const said = until.closest("fieldset")?.getAttribute("aria-describedby") ?? "";
  expect(document.getElementById(said)?.textContent).toMatch(/^They end after they begin/);
  fireEvent.change(first.getByLabelText("Until"), { target: { value: "00:00" } });
  screen.getByRole("button", { name: "Add hours" }).focus();
  await userEvent.keyboard("{Enter}");
  const second = within(await screen.findByRole("listitem", { name: "Working hours 2" }));
  await waitFor(() =>
    expect(document.activeElement).toBe(second.getByRole("checkbox", { name: "Monday" })),
  );
  expect(await faults()).toEqual([]);
  await userEvent.click(second.getByRole("button", { name: "Remove working hours 2" }));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/^Saved as version 5/)).toBeTruthy();
  const sent = net.bodies.map((body) => body as Partial<CapturePolicy>);
  expect(sent.find((body) => body.version === 4)?.working_hours).toEqual([
    { day: "thursday", from: "08:00", to: "24:00" },
    { day: "friday", from: "08:00", to: "24:00" },
  ]);
});

it("takes a rule that keeps only a category, by the keyboard, and sends it", async () => {
  const net = network({
    ...preview,
    "GET /api/v1/categories": () =>
      ok({
        items: [
          { id: "c1", name: "Personal", kind: "neutral", created_at: "2026-01-01T00:00:00Z" },
        ],
        next_cursor: null,
      }),
    "PUT /api/v1/policy": async (request) => {
      const sent = (await request.json()) as CapturePolicy;
      return ok({ ...sent, version: sent.version + 1 });
    },
  });
  drawForm();
  screen.getByRole("button", { name: "Add a rule" }).focus();
  await userEvent.keyboard("{Enter}");
  await screen.findByRole("option", { name: "Keep only the category Personal" });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Where")));
  await userEvent.selectOptions(screen.getByLabelText("Where"), "domain");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/^A rule says nothing/)).toBeTruthy();
  await userEvent.type(screen.getByLabelText("Fits"), "clinic.example");
  await userEvent.selectOptions(screen.getByLabelText("Then"), "c1");
  expect(await faults()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/^Saved as version 5/)).toBeTruthy();
  const sent = net.bodies.flatMap((body) => {
    const { window_rules, version } = (body ?? {}) as Partial<CapturePolicy>;
    return version === 4 && window_rules ? [window_rules] : [];
  });
  expect(sent).toEqual([
    [
      {
        field: "domain",
        pattern: "clinic.example",
        action: "category_only",
        category_id: "c1",
      },
    ],
  ]);
});
