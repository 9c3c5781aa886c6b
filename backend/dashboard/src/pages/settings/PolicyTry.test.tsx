import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { network, ok } from "../../../test/network";
import { draw } from "../../../test/page";
import type { CapturePolicy } from "../../api/settings";
import { PolicyTry, whyOf } from "./PolicyTry";

afterEach(() => {
  vi.unstubAllGlobals();
});

const policy: CapturePolicy = {
  version: 4,
  applications: true,
  titles: false,
  urls: false,
  excluded_applications: ["KeePassXC"],
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

it("shows what the server says would be kept, also of a window of one's own", async () => {
  const asked: { windows: { application: string | null }[] }[] = [];
  network({
    "POST /api/v1/policy/preview": async (request) => {
      const body = await request.json();
      asked.push(body);
      return ok({
        windows: body.windows.map((one: { application: string | null }) =>
          one.application === "KeePassXC"
            ? {
                application: null,
                title: null,
                url: null,
                category_id: null,
                removed_by: "excluded_application",
              }
            : { application: one.application, title: null, url: null, removed_by: null },
        ),
      });
    },
  });
  draw(<PolicyTry policy={policy} />);
  expect(await screen.findByText("The application is left out")).toBeTruthy();
  expect(screen.getByText("Nothing but the time")).toBeTruthy();
  expect(screen.getAllByText("Not collected: title, address")).toHaveLength(2);
  await userEvent.type(screen.getByLabelText("Application"), "Signal");
  expect(await screen.findAllByText("Signal")).toHaveLength(2);
  expect(asked.at(-1)?.windows[0]?.application).toBe("Signal");
});

it("says why, by the rule in particular or by what is off", () => {
  const seen = { application: "Firefox", title: "Inbox", url: null };
  const kept = {
    application: "Firefox",
    title: "Inbox",
    url: null,
    category_id: null,
    removed_by: null,
  };
  expect(whyOf(seen, kept)).toBe("As it is");
  expect(whyOf(seen, { ...kept, title: null })).toBe("Not collected: title");
  expect(whyOf(seen, { ...kept, title: null, removed_by: "title_hidden" })).toBe(
    "The title is hidden, and of its site only the name is kept",
  );
});
