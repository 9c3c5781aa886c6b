import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { manager } from "../../test/given";
import { network, ok, problem } from "../../test/network";
import { draw, faults } from "../../test/page";
import { Setup } from "./Setup";
import { checkSetup, timeZones } from "./setupForm";

afterEach(() => {
  vi.unstubAllGlobals();
});

const page = (codeRequired: boolean) => {
  const heard = { onLoggedIn: vi.fn(), onCreatedOnly: vi.fn() };
  draw(<Setup codeRequired={codeRequired} {...heard} />);
  return heard;
};

async function fill(more: Record<string, string> = {}): Promise<void> {
  const user = userEvent.setup();
  const values = {
    "Organization name": "Northwind",
    "Your name": "Robin",
    "E-mail": "robin@northwind.example",
    Password: "correct horse battery",
    ...more,
  };
  for (const [label, value] of Object.entries(values)) {
    await user.type(screen.getByLabelText(label), value);
  }
  await user.click(screen.getByRole("button", { name: "Create organization" }));
}

it("creates the organization in this browser's zone, and logs in", async () => {
  const net = network({
    "POST /api/v1/setup": () => ok({}, 201),
    "POST /api/v1/auth/login": () => ok({ me: manager }),
  });
  const { onLoggedIn } = page(false);
  await fill();
  await waitFor(() => expect(onLoggedIn).toHaveBeenCalledWith(manager));
  expect(net.bodies[0]).toEqual({
    organization_name: "Northwind",
    time_zone: timeZones().own,
    name: "Robin",
    email: "robin@northwind.example",
    password: "correct horse battery",
  });
});

it("shows what the server finds wrong at its field", async () => {
  network({
    "POST /api/v1/setup": () =>
      problem(422, "validation", { fields: [{ field: "setup_code", message: "Not the code." }] }),
  });
  page(true);
  await fill({ "Set-up code": "0000" });
  expect(await screen.findByText("Not the code.")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
  expect(document.activeElement).toBe(screen.getByLabelText("Set-up code"));
  expect(await faults()).toEqual([]);
});

it("a log-in that fails afterwards does not look like a failed set-up", async () => {
  network({
    "POST /api/v1/setup": () => ok({}, 201),
    "POST /api/v1/auth/login": () => problem(503, "unavailable"),
  });
  const { onCreatedOnly, onLoggedIn } = page(false);
  await fill();
  await waitFor(() => expect(onCreatedOnly).toHaveBeenCalled());
  expect(onLoggedIn).not.toHaveBeenCalled();
});

it("names everything that is missing, and goes to the first of it", async () => {
  page(true);
  await userEvent.click(screen.getByRole("button", { name: "Create organization" }));
  for (const words of [
    "Name your organization.",
    "Enter your name.",
    "12 more characters, please.",
    "Enter the code from the server’s log.",
  ]) {
    expect(screen.getByText(words)).toBeTruthy();
  }
  expect(document.activeElement).toBe(screen.getByLabelText("Organization name"));
});

it("counts characters, not bytes, and takes 12 to 128 of them", () => {
  const draft = {
    organization_name: "N",
    time_zone: "UTC",
    name: "R",
    email: "r@n",
    password: "",
    setup_code: "",
  };
  const gap = (password: string) => checkSetup({ ...draft, password }, false).gaps.password;
  expect(gap("é".repeat(11))).toBe("One more character, please.");
  expect(gap("😀".repeat(12))).toBeUndefined();
  expect(gap("x".repeat(128))).toBeUndefined();
  expect(gap("x".repeat(129))).toBe("At most 128 characters.");
});
