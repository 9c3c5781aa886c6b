import { screen, waitFor } from "@testing-library/react";
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
  working_hours: null,
  pause: { allowed: true, longest_seconds: null },
  idle_after_seconds: 120,
  session_gap_seconds: 1800,
  auto_start: true,
  record_while_pending: true,
  needs: [],
};

const preview = { "POST /api/v1/policy/preview": () => ok({ windows: [] }) };

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
  draw(
    <main>
      <PolicyForm
        policy={policy}
        save={settings.setPolicy}
        read={settings.policy}
        onSaved={() => {}}
      />
    </main>,
  );
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
  draw(
    <main>
      <PolicyForm
        policy={policy}
        save={settings.setPolicy}
        read={settings.policy}
        onSaved={() => {}}
      />
    </main>,
  );
  const idle = screen.getByLabelText("Idle after, in seconds");
  await userEvent.clear(idle);
  await userEvent.type(idle, "5{Enter}");
  await waitFor(() => expect(idle.getAttribute("aria-invalid")).toBe("true"));
  expect(screen.getByText("A whole number from 10 to 3,600.")).toBeTruthy();
  expect(net.asked.filter((one) => one !== "POST /api/v1/policy/preview")).toEqual([]);
});
