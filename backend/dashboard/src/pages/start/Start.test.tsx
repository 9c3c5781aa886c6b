import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { manager, person, snapshot } from "../../../test/given";
import { network, ok, problem } from "../../../test/network";
import { drawLinked, faults } from "../../../test/page";
import type { FeedView, LiveFeed } from "../../live/feed";
import { GivenFeed } from "../../live/LiveProvider";
import { applySnapshot } from "../../live/state";
import { Start } from "./Start";

afterEach(() => {
  vi.unstubAllGlobals();
});

const admin = { ...manager, role: "admin" } as const;
const made = { id: "t", token: "wpe_secret", expires_at: "2026-11-26T00:00:00Z" };

async function shown() {
  let view = { live: null } as unknown as FeedView;
  const listeners = new Set<() => void>();
  const feed = {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    view: () => view,
  } as unknown as LiveFeed;
  await drawLinked(
    <GivenFeed feed={feed}>
      <Start me={admin} />
    </GivenFeed>,
  );
  await screen.findByRole("heading", { name: "Get started" });
  return (name: string) =>
    act(() => {
      view = { ...view, live: applySnapshot(null, snapshot([person("x", { name })])) };
      for (const listener of listeners) listener();
    });
}

it("goes from a token of one's own to the exact command, and notices the first computer", async () => {
  const net = network({
    "POST /api/v1/enrolment-tokens": () => ok(made, 201),
    "GET /api/v1/devices": () => ok({ items: [] }),
  });
  const report = await shown();
  expect(screen.getByText(/Waiting for a computer/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Make token" }));
  expect(
    await screen.findByText(
      "workpulse-agent enrol --server http://127.0.0.1:3000 --token wpe_secret",
    ),
  ).toBeTruthy();
  expect(net.bodies[0]).toMatchObject({ user_id: "me", max_uses: 1 });
  report("Maya Lindqvist");
  expect(screen.getByText("Maya Lindqvist is on the live page.")).toBeTruthy();
  expect(await faults()).toEqual([]);
});

it("for colleagues the command asks for their address, and devices that wait are told", async () => {
  network({
    "POST /api/v1/enrolment-tokens": () => ok(made, 201),
    "GET /api/v1/devices": () => ok({ items: [{ id: "a" }, { id: "b" }] }),
  });
  await shown();
  await userEvent.selectOptions(screen.getByLabelText("Whose computer"), "others");
  await userEvent.click(screen.getByRole("button", { name: "Make token" }));
  expect(await screen.findByText(/--email name@example.org/)).toBeTruthy();
  expect(await screen.findByText(/2 devices wait for your approval/)).toBeTruthy();
});

it("a token that could not be made is said, and the step stays open", async () => {
  network({ "POST /api/v1/enrolment-tokens": () => problem(503, "busy") });
  await shown();
  await userEvent.click(screen.getByRole("button", { name: "Make token" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Title of busy");
  expect(screen.getByText("First make a token.")).toBeTruthy();
});
