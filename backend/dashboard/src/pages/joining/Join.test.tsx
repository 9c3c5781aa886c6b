import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { manager } from "../../../test/given";
import { network, ok, problem } from "../../../test/network";
import { draw, faults } from "../../../test/page";
import { Join } from "./Join";
import { JoinById } from "./JoinById";
import { Reset } from "./Reset";

afterEach(() => {
  vi.unstubAllGlobals();
});

const OFFER = {
  organization_name: "Northwind Studio",
  email: "nora@northwind.example",
  expires_at: "2026-11-30T12:00:00Z",
};
const ORGANIZATION = "01930000-0000-7000-8000-00000000aaaa";

function join(change: Partial<Parameters<typeof Join>[0]> = {}) {
  const props = { onJoined: vi.fn(), onJoinedOnly: vi.fn(), ...change };
  draw(<Join token="wpi_secret" toLogin={<a href="/login">Log in</a>} {...props} />);
  return props;
}

it("says to which organization, what is collected and who sees it, then joins and logs in", async () => {
  const net = network({
    "POST /api/v1/auth/invitation": () => ok(OFFER),
    "POST /api/v1/auth/register": () =>
      ok({ user_id: "u", organization_id: "org", email: OFFER.email }, 201),
    "POST /api/v1/auth/login": () => ok({ me: manager }),
  });
  const { onJoined } = join();
  await screen.findByRole("heading", { level: 1, name: "Join Northwind Studio" });
  const said = screen.getByRole("region", { name: /What will be collected/ });
  expect(said.querySelectorAll("p")).toHaveLength(2);
  expect(await faults()).toEqual([]);
  await userEvent.type(screen.getByLabelText("Your name"), " Nora ");
  await userEvent.type(screen.getByLabelText("Choose a password"), "correct horse{Enter}");
  await waitFor(() => expect(onJoined).toHaveBeenCalledWith(manager));
  expect(net.bodies).toEqual([
    { token: "wpi_secret" },
    { invitation: "wpi_secret", name: "Nora", password: "correct horse" },
    {
      email: OFFER.email,
      password: "correct horse",
      organization_id: "org",
      delivery: "cookie",
    },
  ]);
});

it("names what is missing at its field, and does not join", async () => {
  const net = network({ "POST /api/v1/auth/invitation": () => ok(OFFER) });
  join();
  await userEvent.type(await screen.findByLabelText("Choose a password"), "short{Enter}");
  expect(screen.getByText("Enter your name.")).toBeTruthy();
  expect(screen.getByText("7 more characters, please.")).toBeTruthy();
  expect(document.activeElement).toBe(screen.getByLabelText("Your name"));
  expect(net.asked).toHaveLength(1);
});

it("says in the server's words why an invitation cannot be used, and what to do", async () => {
  network({ "POST /api/v1/auth/invitation": () => problem(409, "token-spent") });
  join();
  expect((await screen.findByRole("alert")).textContent).toContain("Title of token-spent");
  expect(screen.getByText(/Ask the person who invited you/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

it("a log-in that fails afterwards does not look like a failed joining", async () => {
  network({
    "POST /api/v1/auth/invitation": () => ok(OFFER),
    "POST /api/v1/auth/register": () =>
      ok({ user_id: "u", organization_id: "org", email: OFFER.email }, 201),
    "POST /api/v1/auth/login": () => problem(503, "unavailable"),
  });
  const { onJoined, onJoinedOnly } = join();
  await userEvent.type(await screen.findByLabelText("Your name"), "Nora");
  await userEvent.type(screen.getByLabelText("Choose a password"), "correct horse{Enter}");
  await waitFor(() => expect(onJoinedOnly).toHaveBeenCalled());
  expect(onJoined).not.toHaveBeenCalled();
});

it("by the organization's id, asks for a password only where the server wants one", async () => {
  const fields = [
    { field: "name", message: "is missing" },
    { field: "password", message: "is too short" },
  ];
  let asked = 0;
  const net = network({
    "POST /api/v1/auth/register": () => {
      asked += 1;
      return asked === 1 ? problem(422, "validation", { fields }) : ok({ next: "approval" }, 202);
    },
  });
  draw(<JoinById organization={ORGANIZATION} toLogin={null} />);
  expect(screen.queryByLabelText("Your name")).toBeNull();
  await userEvent.type(screen.getByLabelText("Your work e-mail"), "nora@northwind.example{Enter}");
  await userEvent.type(await screen.findByLabelText("Your name"), "Nora");
  await userEvent.type(screen.getByLabelText("Choose a password"), "correct horse{Enter}");
  expect(await screen.findByRole("heading", { name: "An admin lets you in" })).toBeTruthy();
  expect(net.bodies[1]).toEqual({
    organization_id: ORGANIZATION,
    email: "nora@northwind.example",
    name: "Nora",
    password: "correct horse",
  });
});

it("by the organization's id, says the same whether the address is known or not", async () => {
  network({ "POST /api/v1/auth/register": () => ok({ next: "mail" }, 202) });
  draw(<JoinById organization={ORGANIZATION} toLogin={null} />);
  await userEvent.type(screen.getByLabelText("Your work e-mail"), "nora@northwind.example{Enter}");
  expect((await screen.findByRole("status")).textContent).toMatch(/^If nora@northwind.example may/);
});

it("sets a new password by a link, and forgets the link", async () => {
  const net = network({ "POST /api/v1/auth/reset": () => ok(null, 204) });
  const onReset = vi.fn();
  draw(<Reset token="wpr_secret" toLogin={null} askAgain={null} onReset={onReset} />);
  await userEvent.type(screen.getByLabelText("New password"), "correct horse{Enter}");
  expect(await screen.findByRole("heading", { name: "Your new password is set" })).toBeTruthy();
  expect(onReset).toHaveBeenCalled();
  expect(net.bodies).toEqual([{ token: "wpr_secret", new_password: "correct horse" }]);
});
