import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { network, ok, problem } from "../../../test/network";
import { drawLinked, faults } from "../../../test/page";
import type { CapturePolicy } from "../../api/settings";
import { TeamPolicy } from "./TeamPolicy";

afterEach(() => {
  vi.unstubAllGlobals();
});

const organization: CapturePolicy = {
  version: 7,
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

it("makes a policy from the organization's, under version 0, and takes it away again", async () => {
  let own: CapturePolicy | null = null;
  const net = network({
    "POST /api/v1/policy/preview": () => ok({ windows: [] }),
    "GET /api/v1/teams/t": () => ok({ id: "t", name: "Design" }),
    "GET /api/v1/policy": () => ok(organization),
    "GET /api/v1/teams/t/policy": () =>
      own ? ok({ team_id: "t", policy: own, updated_at: "" }) : problem(404, "not-found"),
    "PUT /api/v1/teams/t/policy": async (request) => {
      const sent = (await request.json()) as CapturePolicy;
      own = { ...sent, version: sent.version + 1 };
      return ok(own);
    },
    "DELETE /api/v1/teams/t/policy": () => {
      own = null;
      return ok(null, 204);
    },
  });
  await drawLinked(<TeamPolicy id="t" />);
  expect(await screen.findByText(/This team has no policy of its own/)).toBeTruthy();
  await userEvent.click(screen.getByLabelText("Names of applications"));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText(/^Saved as version 1/)).toBeTruthy();
  expect(net.bodies[net.asked.indexOf("PUT /api/v1/teams/t/policy")]).toMatchObject({
    version: 0,
    applications: false,
  });
  expect(await faults()).toEqual([]);
  await userEvent.click(await screen.findByRole("button", { name: "Remove the team’s policy" }));
  const [, confirm] = screen.getAllByRole("button", { name: "Remove the team’s policy" });
  if (confirm) await userEvent.click(confirm);
  expect(await screen.findByText(/This team has no policy of its own/)).toBeTruthy();
  expect(screen.getByLabelText("Names of applications")).toHaveProperty("checked", true);
});
