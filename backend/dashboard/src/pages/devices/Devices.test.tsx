import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { network, ok, problem } from "../../../test/network";
import { drawLinked, faults } from "../../../test/page";
import { Devices, type Shown } from "./Devices";
import { NewToken } from "./NewToken";

beforeEach(() => () => vi.unstubAllGlobals());

const device = (id: string, status: string) => ({
  id,
  user_id: "u1",
  name: `NW-LAPTOP-${id}`,
  os: "Windows 11",
  agent_version: "0.1.0",
  capabilities: {},
  status,
  last_contact_at: null,
  account: null,
});
const users = () => ok({ items: [{ id: "u1", name: "Maya", email: "maya@fjord.example" }] });

/** An answer that the test gives when it wants to. */
function held() {
  let give: (response: Response) => void = () => {};
  const answer = () =>
    new Promise<Response>((go) => {
      give = go;
    });
  return { answer, give: (response: Response) => give(response) };
}

async function show(shown: Shown, approve: () => Promise<Response>) {
  network({
    "GET /api/v1/devices": () =>
      ok({ items: [device("7", "pending"), device("8", "approved")], next_cursor: null }),
    "GET /api/v1/users": users,
    "POST /api/v1/devices/7/approve": approve,
  });
  await drawLinked(<Devices viewer="admin" shown={shown} onShown={() => {}} />);
  return screen.findByRole("button", { name: "Approve NW-LAPTOP-7" });
}

const row = () => screen.getByText("NW-LAPTOP-7").closest("tr");

it("a device is approved at once, and waits again when the server refuses", async () => {
  const { answer, give } = held();
  const button = await show("all", answer);
  expect(await faults()).toEqual([]);
  await userEvent.click(button);
  await waitFor(() => expect(row()?.textContent).toContain("In use"));
  expect(screen.queryByRole("button", { name: /^Approve/ })).toBeNull();
  give(problem(409, "conflict"));
  await screen.findByText("Title of conflict");
  expect(row()?.textContent).not.toContain("In use");
  expect(screen.getByRole("button", { name: "Approve NW-LAPTOP-7" })).toBeTruthy();
});

it("among those that wait, an approved one is gone at once", async () => {
  const { answer } = held();
  await userEvent.click(await show("pending", answer));
  await waitFor(() => expect(screen.queryByText("NW-LAPTOP-7")).toBeNull());
});

it("nobody is said to have no such e-mail before the people are known", async () => {
  const { answer, give } = held();
  network({ "GET /api/v1/users": answer });
  await drawLinked(<NewToken onClose={() => {}} />);
  const dialog = within(screen.getByRole("dialog"));
  await userEvent.selectOptions(dialog.getByLabelText("Whose devices"), "onePerson");
  await userEvent.type(dialog.getByLabelText("Their e-mail"), "zoe@fjord.example");
  const make = dialog.getByRole("button", { name: "Make token" });
  await userEvent.click(make);
  expect(dialog.getByText(/^The people are still being loaded/)).toBeTruthy();
  give(problem(403, "forbidden"));
  await waitFor(async () => {
    await userEvent.click(make);
    expect(dialog.getByText(/^The people could not be loaded/)).toBeTruthy();
  });
  give(users());
  await waitFor(async () => {
    await userEvent.click(make);
    expect(dialog.getByText(/^Nobody in the organization/)).toBeTruthy();
  });
});
