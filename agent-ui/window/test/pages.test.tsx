/** The window as a person uses it, with a program behind it that lives in memory. */
import { theme } from "@dashboard/theme";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { App } from "../src/App";
import { BridgeProvider } from "../src/bridge";
import { type FakeOptions, fake } from "./fake";

function show(options: FakeOptions = {}, hash = "") {
  window.location.hash = hash;
  const program = fake(options);
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider theme={theme}>
      <QueryClientProvider client={queries}>
        <BridgeProvider value={program}>
          <App />
        </BridgeProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { program, user: userEvent.setup() };
}

describe("the first run", () => {
  it("asks for server and token, then for the notice, and records nothing before", async () => {
    const { program, user } = show({ enrolled: false });
    await screen.findByRole("heading", { name: "Set up WorkPulse" });
    await user.click(screen.getByRole("button", { name: "I have an enrolment token" }));
    const next = screen.getByRole("button", { name: "Continue" });
    expect(next).toHaveProperty("disabled", true);
    await user.type(screen.getByLabelText("Server address"), "https://time.harbour.example");
    await user.type(screen.getByLabelText("Enrolment token"), "spent");
    await user.click(next);
    expect((await screen.findByRole("alert")).textContent).toContain("can no longer be used");
    await user.clear(screen.getByLabelText("Enrolment token"));
    await user.type(screen.getByLabelText("Enrolment token"), "wpe_fresh");
    await user.click(next);
    await screen.findByRole("heading", { name: "What is recorded, and why" });
    expect(screen.getByText("Window titles").parentElement?.textContent).toContain("not collected");
    expect(program.done.filter((act) => act === "accept")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Accept and begin" }));
    await screen.findByRole("heading", { name: "Today" });
    expect(program.done.at(-1)).toBe("accept");
  });

  it("lets a person log in, and keeps no password", async () => {
    const { program, user } = show({ enrolled: false });
    const next = await screen.findByRole("button", { name: "Log in and continue" });
    await user.type(screen.getByLabelText("Server address"), "https://time.harbour.example");
    await user.type(screen.getByLabelText("Your work e-mail address"), "ines@harbour.example");
    expect(next).toHaveProperty("disabled", true);
    const password = () => screen.getByLabelText<HTMLInputElement>("Password");
    await user.type(password(), "wrong");
    await user.click(next);
    expect((await screen.findByRole("alert")).textContent).toContain("password is wrong");
    expect(password().value).toBe("");
    await user.type(password(), "a long sentence of mine");
    await user.click(next);
    await screen.findByRole("heading", { name: "What is recorded, and why" });
    expect(program.done).toEqual(
      Array(2).fill("log in https://time.harbour.example ines@harbour.example"),
    );
  });

  it("shows no page but the diagnosis before the notice is accepted", async () => {
    show({ accepted: false }, "data");
    await screen.findByRole("heading", { name: "What is recorded, and why" });
    window.location.hash = "diagnosis";
    await screen.findByRole("heading", { name: "Diagnosis" });
  });
});

describe("today", () => {
  it("shows the state, the day and the account of every record", async () => {
    show();
    await screen.findByText(/^Working since/);
    await screen.findByText(
      /392 records made = 389 on the server \+ 2 still to be sent \+ 1 refused/,
    );
    expect(screen.queryByText(/does not add up/)).toBeNull();
    await screen.findByRole("slider", { name: "The day in stretches" });
  });

  it("says so when an account does not add up", async () => {
    show({ report: { counters: { produced: 5, stored: 1, pending: 1, dropped: {} } } });
    await screen.findByText(/does not add up/);
  });

  it("walks the day by arrow keys, and says the same in a table", async () => {
    const { user } = show();
    const lane = await screen.findByRole("slider", { name: "The day in stretches" });
    lane.focus();
    await waitFor(() => expect(lane.getAttribute("aria-valuetext")).toContain("Harbour plan.odt"));
    await user.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}");
    expect(lane.getAttribute("aria-valuetext")).toContain("Not observed: screen locked");
    const table = screen.getByText("As a table (7)").parentElement;
    expect(within(table as HTMLElement).getAllByRole("row", { hidden: true })).toHaveLength(8);
  });

  it("pauses, resumes and stops", async () => {
    const { program, user } = show();
    await user.selectOptions(await screen.findByLabelText("Pause for …"), "30");
    await screen.findByText(/^Paused until/);
    await user.click(screen.getByRole("button", { name: "Resume" }));
    await screen.findByText(/^Working since/);
    await user.click(screen.getByRole("button", { name: "Stop working" }));
    await screen.findByText(/^Not working/);
    expect(program.done.map((act) => JSON.parse(act).command)).toEqual(["pause", "resume", "stop"]);
  });

  it("offers no pause that the policy does not allow", async () => {
    show({ report: { policy: { pause: { allowed: false, longest_seconds: null } } } });
    await screen.findByText(/^Working since/);
    expect(screen.queryByLabelText("Pause for …")).toBeNull();
  });

  it("books on another project by ending one session and beginning the next", async () => {
    const { program, user } = show();
    await user.selectOptions(await screen.findByLabelText("Project"), "Pier");
    await waitFor(() => expect(program.done).toHaveLength(2));
    expect(program.done.map((act) => JSON.parse(act))).toEqual([
      { command: "stop" },
      { command: "start", project_id: "p2" },
    ]);
  });

  it("asks who comes back once, and keeps the question when the answer does not arrive", async () => {
    const { user } = show({ returned: true, offline: true });
    await user.click(await screen.findByRole("button", { name: "A break" }));
    expect((await screen.findByRole("alert")).textContent).toContain("the question stays");
    await user.click(screen.getByRole("button", { name: "Leave it as recorded" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "A break" })).toBeNull());
  });

  it("says what is missing when WorkPulse does not run", async () => {
    show({ stopped: true });
    await screen.findByText(/WorkPulse is not running, so nothing is recorded/);
    expect(screen.queryByRole("button", { name: "Stop working" })).toBeNull();
  });

  it("can be asked again when nothing answers", async () => {
    show({ broken: true });
    await screen.findByRole("button", { name: "Try again" });
  });
});

describe("my data", () => {
  it("finds rows, shows exactly what is sent, and which rule emptied a field", async () => {
    const { user } = show({}, "data");
    await screen.findByText("All (120)");
    expect(screen.getAllByText("This is exactly what is sent:")).toHaveLength(50);
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await waitFor(() =>
      expect(screen.getAllByText("This is exactly what is sent:")).toHaveLength(100),
    );
    expect(screen.getAllByText(/Title: .* does not collect it/).length).toBeGreaterThan(0);
    await screen.findByText(/Category Health/);
    expect(screen.getAllByText(/keeps only a category, and the time/)).toHaveLength(2);
    await user.selectOptions(screen.getByLabelText("Show"), "rejected");
    await waitFor(() =>
      expect(screen.getAllByText("This is exactly what is sent:")).toHaveLength(1),
    );
    screen.getByText(/it lies in the future/);
    await user.selectOptions(screen.getByLabelText("Show"), "all");
    await user.type(screen.getByLabelText("Search"), "quarterly");
    await waitFor(() =>
      expect(screen.getAllByText("This is exactly what is sent:")).toHaveLength(1),
    );
    await user.type(screen.getByLabelText("Search"), " nothing like this");
    await screen.findByText("No row fits.");
  });

  it("says who looked, and that the server knows it when it is not reached", async () => {
    show({}, "data");
    await screen.findByText("Mona Manager (manager)");
    await screen.findByText("IT, on the server");
  });

  it("shows rows without a server", async () => {
    show({ offline: true }, "data");
    await screen.findByText("All (120)");
    await screen.findByText(/Who looked is known to the server/);
    await screen.findByText(/only a category$/);
  });
});

describe("my days", () => {
  it("lists days and explains a score from its minutes", async () => {
    const { user } = show({}, "days");
    await user.click(await screen.findByRole("link", { name: /Monday/ }));
    await screen.findByText(/The score is 95.2: of 5 h 15 min that were observed, 5 h had input/);
    expect(screen.getByText("Stand-up with the pier team")).toBeTruthy();
  });

  it("opens the score down to its minutes, which add up", async () => {
    const { user } = show({}, "days/2026-11-24");
    const heading = await screen.findByRole("heading", { name: "The score, minute by minute" });
    const section = heading.parentElement as HTMLElement;
    expect(within(section).queryAllByRole("table")).toEqual([]);
    const hour = within(section).getByText("4 min active · 1 min idle");
    expect(hour.parentElement?.textContent).toContain("Score 80");
    await user.click(hour);
    const rows = await within(section).findAllByRole("row");
    let [active, idle] = [0, 0];
    for (const row of rows.slice(1)) {
      const cells = within(row).getAllByRole("cell");
      const seconds = (at: number) => Number.parseInt(cells[at]?.textContent ?? "", 10) || 0;
      active += seconds(0);
      idle += seconds(1);
    }
    expect([active, idle]).toEqual([240, 60]);
  });

  it("corrects a gap with a note, and offers none where there is a note", async () => {
    vi.spyOn(Date, "now").mockReturnValue(Date.UTC(2026, 10, 25));
    const { program, user } = show({}, "days/2026-11-24");
    const heading = await screen.findByRole("heading", { name: "Stretches without input" });
    const section = heading.parentElement as HTMLElement;
    expect(within(section).queryByText("Not observed: screen locked")).toBeNull();
    await user.click(within(section).getByText("Not observed: paused"));
    const [, form] = within(section).getAllByRole("button", { name: "Send to my manager" });
    const kinds = within(section).getAllByLabelText("It was");
    await user.selectOptions(kinds[1] as HTMLElement, "other");
    expect(form).toHaveProperty("disabled", true);
    await user.type(within(section).getByLabelText("In your words"), "Dentist");
    await user.click(form as HTMLElement);
    await waitFor(() => expect(program.done.at(-1)).toContain('"text":"Dentist"'));
  });
});

describe("settings and diagnosis", () => {
  it("changes what may be changed and shows what is fixed with its source", async () => {
    const { program, user } = show({}, "settings");
    await user.click(await screen.findByLabelText("Sessions begin by themselves"));
    await screen.findByText(/It takes effect when WorkPulse is started again/);
    expect(program.done).toEqual(["set session.auto_start false"]);
    screen.getByText(/Fixed: Your IT department \(managed/);
    screen.getByText("Policy of Harbour Design, version 7");
  });

  it("lists what support needs", async () => {
    show({}, "diagnosis");
    await screen.findByText("1 h 10 min ago");
    screen.getByRole("button", { name: "Copy for support" });
  });

  it("fetches a newer version when asked, and installs none", async () => {
    const { program, user } = show({}, "diagnosis");
    await screen.findByText("Version 0.2.0-1 is available.");
    await user.click(screen.getByRole("button", { name: "Download and verify" }));
    await screen.findByText(/^sudo apt install/);
    expect(program.done).toEqual(["download"]);
  });

  it("says why a newer version was refused, and why nobody looks for one", async () => {
    const { user } = show({ tampered: true }, "diagnosis");
    await user.click(await screen.findByRole("button", { name: "Download and verify" }));
    expect((await screen.findByRole("alert")).textContent).toContain("was refused");
    cleanup();
    show({ managed: true }, "diagnosis");
    await screen.findByText(/Your IT department manages this computer/);
    expect(screen.queryByRole("button", { name: "Download and verify" })).toBeNull();
  });
});
