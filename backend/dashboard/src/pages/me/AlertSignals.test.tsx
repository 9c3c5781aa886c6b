import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { draw, faults } from "../../../test/page";
import { signals } from "../../alerts/signals";
import { AlertSignals } from "./AlertSignals";

function browser(answer: "granted" | "denied") {
  const ask = vi.fn(() => {
    fake.permission = answer;
    return Promise.resolve(answer);
  });
  const fake = { permission: "default", requestPermission: ask };
  vi.stubGlobal("Notification", fake);
  return ask;
}
const boxes = () => screen.getAllByRole("checkbox") as HTMLInputElement[];

it("is off, and asks the browser for nothing, until somebody switches it on", async () => {
  const ask = browser("granted");
  draw(
    <main>
      <AlertSignals />
    </main>,
  );
  expect(boxes().map((box) => box.checked)).toEqual([false, false]);
  expect(ask).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("checkbox", { name: /notification/ }));
  await waitFor(() => expect(signals()).toEqual({ sound: false, notify: true }));
  expect(ask).toHaveBeenCalledOnce();
  expect(await faults()).toEqual([]);
  vi.unstubAllGlobals();
});

it("stays off where the browser refuses, and says why", async () => {
  browser("denied");
  draw(
    <main>
      <AlertSignals />
    </main>,
  );
  await userEvent.click(screen.getByRole("checkbox", { name: /notification/ }));
  await screen.findByText(/Your browser blocks notifications/);
  expect(boxes()[1]?.checked).toBe(false);
  expect(signals().notify).toBe(false);
  vi.unstubAllGlobals();
});

it("keeps the sound in this browser, also where no sound can be made", async () => {
  draw(
    <main>
      <AlertSignals />
    </main>,
  );
  await userEvent.click(screen.getByRole("checkbox", { name: "Play a sound" }));
  expect(signals()).toEqual({ sound: true, notify: false });
  expect(boxes()[1]?.disabled).toBe(true);
});
