import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { network, ok, problem } from "../../../test/network";
import { drawLinked, faults } from "../../../test/page";
import type { User } from "../../api/people";
import { Access } from "./Access";
import { Invitations } from "./Invitations";

beforeEach(() => () => vi.unstubAllGlobals());

const person = { id: "u1", name: "Maya Lindqvist", email: "maya@fjord.example" } as User;
const POST = "POST /api/v1/users/u1/sign-out";

it("somebody is signed out everywhere only after a question, which names them", async () => {
  const seen = network({ [POST]: () => ok(null, 204) });
  await drawLinked(<Access person={person} name={person.name} />);
  await userEvent.click(screen.getByRole("button", { name: "Sign out everywhere" }));
  const dialog = within(
    screen.getByRole("dialog", { name: "Sign Maya Lindqvist out everywhere?" }),
  );
  expect(await faults()).toEqual([]);
  await userEvent.click(dialog.getByRole("button", { name: "Cancel" }));
  expect(seen.asked).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Sign out everywhere" }));
  await userEvent.click(
    within(screen.getByRole("dialog")).getByRole("button", { name: "Sign out everywhere" }),
  );
  await screen.findByText("They were signed out everywhere.");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(seen.asked).toEqual([POST]);
});

it("a refusal to sign somebody out is told, and nothing is said to be done", async () => {
  network({ [POST]: () => problem(403, "forbidden") });
  await drawLinked(<Access person={person} name={person.name} />);
  await userEvent.click(screen.getByRole("button", { name: "Sign out everywhere" }));
  const dialog = within(screen.getByRole("dialog"));
  await userEvent.click(dialog.getByRole("button", { name: "Sign out everywhere" }));
  await dialog.findByText("Title of forbidden");
  expect(screen.queryByText("They were signed out everywhere.")).toBeNull();
});

it("an open invitation is taken back after a question, an accepted one cannot be", async () => {
  const invitation = (id: string, state: string) => ({
    id,
    email: `${id}@fjord.example`,
    created_at: "2026-11-18T09:00:00.000Z",
    expires_at: "2026-11-25T09:00:00.000Z",
    state,
    mail: null,
  });
  let nora = invitation("nora", "open");
  const seen = network({
    "GET /api/v1/invitations": () =>
      ok({ items: [nora, invitation("ben", "accepted")], next_cursor: null }),
    "DELETE /api/v1/invitations/nora": () => {
      nora = invitation("nora", "revoked");
      return ok(null, 204);
    },
  });
  await drawLinked(<Invitations />);
  await screen.findByText("ben@fjord.example");
  expect(screen.getAllByRole("button", { name: /^Take back/ })).toHaveLength(1);
  await userEvent.click(screen.getByRole("button", { name: /^Take back .* nora@/ }));
  const dialog = within(screen.getByRole("dialog"));
  await userEvent.click(dialog.getByRole("button", { name: "Take back" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: /^Take back/ })).toBeNull());
  expect(seen.asked).toContain("DELETE /api/v1/invitations/nora");
});
