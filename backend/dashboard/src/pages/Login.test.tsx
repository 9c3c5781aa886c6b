import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { manager } from "../../test/given";
import { network, ok, problem } from "../../test/network";
import { draw, faults } from "../../test/page";
import { Login } from "./Login";

afterEach(() => {
  vi.unstubAllGlobals();
});

async function enter(email: string, password: string): Promise<void> {
  const user = userEvent.setup();
  if (email) await user.type(screen.getByLabelText("E-mail"), email);
  if (password) await user.type(screen.getByLabelText("Password"), password);
  await user.keyboard("{Enter}");
}

it("logs in with the keyboard alone", async () => {
  const net = network({ "POST /api/v1/auth/login": () => ok({ me: manager }) });
  const onLoggedIn = vi.fn();
  draw(<Login onLoggedIn={onLoggedIn} />);
  expect(screen.getByLabelText("E-mail")).toHaveProperty(
    "ownerDocument.activeElement.name",
    "email",
  );
  await enter(" robin@northwind.example ", "correct horse battery");
  await waitFor(() => expect(onLoggedIn).toHaveBeenCalledWith(manager));
  expect(net.bodies).toEqual([
    { email: "robin@northwind.example", password: "correct horse battery", delivery: "cookie" },
  ]);
});

it("says what is missing at its field, and asks the server nothing", async () => {
  const net = network({});
  draw(<Login onLoggedIn={vi.fn()} />);
  await enter("robin@northwind.example", "");
  expect(screen.getByText("Enter your password.")).toBeTruthy();
  const password = screen.getByLabelText("Password");
  expect(password.getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(password);
  expect(net.asked).toEqual([]);
});

it("says in the server's words why it failed, with the request id, and keeps the address", async () => {
  network({ "POST /api/v1/auth/login": () => problem(401, "login-failed") });
  draw(<Login onLoggedIn={vi.fn()} />);
  await enter("robin@northwind.example", "wrong");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Title of login-failed");
  expect(alert.textContent).toContain("Detail of login-failed.");
  expect(alert.textContent).toContain("req-1");
  expect(screen.getByRole("button", { name: "Copy the request ID" })).toBeTruthy();
  expect(screen.getByLabelText("E-mail")).toHaveProperty("value", "robin@northwind.example");
  expect(screen.getByLabelText("Password")).toHaveProperty("value", "");
  expect(await faults()).toEqual([]);
});

it("says so when the server cannot be reached", async () => {
  network({
    "POST /api/v1/auth/login": () => {
      throw new TypeError("Failed to fetch");
    },
  });
  draw(<Login onLoggedIn={vi.fn()} />);
  await enter("robin@northwind.example", "correct");
  expect((await screen.findByRole("alert")).textContent).toContain("The server cannot be reached");
});

it("asks which organization when the log-in fits several", async () => {
  const net = network({ "POST /api/v1/auth/login": () => problem(409, "organization-needed") });
  draw(<Login onLoggedIn={vi.fn()} />);
  await enter("robin@northwind.example", "correct");
  await userEvent.type(await screen.findByLabelText("Organization ID"), "org-1{Enter}");
  await waitFor(() => expect(net.bodies).toHaveLength(2));
  expect(net.bodies[1]).toMatchObject({ organization_id: "org-1", password: "correct" });
});

it("has no accessibility faults, with and without a note", async () => {
  draw(<Login note="You were logged out." onLoggedIn={vi.fn()} />);
  expect(screen.getByRole("status").textContent).toBe("You were logged out.");
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Log in");
  expect(screen.getByRole("button", { name: "Log in" })).toBeTruthy();
  expect(await faults()).toEqual([]);
});
