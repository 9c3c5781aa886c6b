import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { manager } from "../../../test/given";
import { network, ok, problem } from "../../../test/network";
import { drawLinked, faults } from "../../../test/page";
import type { User } from "../../api/people";
import { Person } from "./Person";

afterEach(() => {
  vi.unstubAllGlobals();
});

const maya: User = {
  id: "maya",
  name: "Maya Lindqvist",
  email: "maya@northwind.example",
  role: "employee",
  status: "active",
  last_seen_at: null,
  created_at: "2026-10-01T09:00:00Z",
};
const admin = { ...manager, role: "admin" as const };

it("asks before it suspends, and sends only what was changed", async () => {
  const net = network({
    "GET /api/v1/users/maya": () => ok(maya),
    "PATCH /api/v1/users/maya": () => ok({ ...maya, status: "suspended" }),
  });
  await drawLinked(<Person me={admin} id="maya" />);
  await userEvent.selectOptions(await screen.findByLabelText("Status"), "suspended");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(net.asked).toEqual(["GET /api/v1/users/maya"]);
  expect(screen.getByRole("dialog", { name: "Suspend Maya Lindqvist?" })).toBeTruthy();
  expect(await faults()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Suspend" }));
  expect(await screen.findByText("Saved.")).toBeTruthy();
  expect(net.bodies.at(1)).toEqual({ status: "suspended" });
});

it("shows a change at once, and takes it back when the server refuses", async () => {
  let refuse = (): void => {};
  const held = new Promise<void>((go) => {
    refuse = go;
  });
  network({
    "GET /api/v1/users/maya": () => ok(maya),
    "PATCH /api/v1/users/maya": async () => {
      await held;
      return problem(409, "conflict");
    },
  });
  await drawLinked(<Person me={admin} id="maya" />);
  const name = await screen.findByLabelText("Name");
  await userEvent.clear(name);
  await userEvent.type(name, "Maya Solberg{Enter}");
  await screen.findByRole("heading", { level: 1, name: "Maya Solberg" });
  refuse();
  await screen.findByRole("heading", { level: 1, name: "Maya Lindqvist" });
  expect((await screen.findByRole("alert")).textContent).toContain("Title of conflict");
  expect(name).toHaveProperty("value", "Maya Solberg");
});

it("offers nobody their own role and status, and a manager nothing to change", async () => {
  network({ "GET /api/v1/users/maya": () => ok(maya) });
  const { unmount } = await drawLinked(<Person me={{ ...admin, user_id: "maya" }} id="maya" />);
  expect(await screen.findByLabelText("Role")).toHaveProperty("disabled", true);
  expect(screen.queryByRole("button", { name: "Erase this person" })).toBeNull();
  unmount();
  await drawLinked(<Person me={manager} id="maya" />);
  await screen.findByRole("heading", { level: 1, name: "Maya Lindqvist" });
  expect(screen.queryByRole("button")).toBeNull();
});

it("erases only after the person's e-mail was typed once more", async () => {
  const net = network({
    "GET /api/v1/users/maya": () => ok(maya),
    "POST /api/v1/users/maya/erase": () =>
      ok({ user_id: "maya", requested_at: maya.created_at, finished_at: null }, 202),
  });
  await drawLinked(<Person me={admin} id="maya" />);
  await userEvent.click(await screen.findByRole("button", { name: "Erase this person" }));
  const field = screen.getByLabelText("Their e-mail, once more");
  const confirm = screen.getAllByRole("button", { name: "Erase this person" }).at(-1);
  await userEvent.type(field, "mia@northwind.example");
  if (confirm) await userEvent.click(confirm);
  expect(screen.getByText("This is not their e-mail.")).toBeTruthy();
  expect(net.asked).toHaveLength(1);
  await userEvent.clear(field);
  await userEvent.type(field, "Maya@northwind.example");
  if (confirm) await userEvent.click(confirm);
  await waitFor(() => expect(net.bodies[1]).toEqual({ email: "Maya@northwind.example" }));
});
