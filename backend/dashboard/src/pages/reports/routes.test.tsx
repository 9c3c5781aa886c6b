import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { manager, snapshot } from "../../../test/given";
import { network, ok } from "../../../test/network";
import { Frame } from "../../Frame";
import { makeQueries } from "../../queries";
import { makeRouter } from "../../router";

const PROJECT = "01930000-0000-7000-8000-000000000810";
const figures = {
  active_seconds: 3600,
  idle_seconds: 0,
  unobserved_seconds: 0,
  worked_seconds: 3600,
  score: 100,
};

/** A socket that never opens. */
class Silent extends EventTarget {
  close() {}
}

let asked: URLSearchParams[] = [];

beforeEach(() => {
  asked = [];
  vi.stubGlobal("WebSocket", Silent);
  network({
    "GET /api/v1/me": () => ok(manager),
    "GET /api/v1/presence": () => ok(snapshot([])),
    "GET /api/v1/alerts": () => ok({ items: [], next_cursor: null }),
    "GET /api/v1/teams": () => ok({ items: [], next_cursor: null }),
    "GET /api/v1/projects": () =>
      ok({ items: [{ id: PROJECT, name: "Website", archived_at: null }], next_cursor: null }),
    "GET /api/v1/reports/heatmap": () => ok({ cells: [] }),
    "GET /api/v1/reports": (request) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      const by = query.get("group_by");
      return ok({
        from: query.get("from"),
        to: query.get("to"),
        time_zone: "Europe/Berlin",
        group_by: by,
        people: 2,
        rows: [{ key: by === "day" ? query.get("from") : "a", label: "Maya", ...figures }],
        row_count: 1,
        total: figures,
        next_cursor: null,
      });
    },
  });
  return () => {
    vi.unstubAllGlobals();
    window.history.replaceState(null, "", "/");
  };
});

/** What a load of the window does: everything anew, from the address alone. */
async function load() {
  const queries = makeQueries();
  render(
    <Frame>
      <QueryClientProvider client={queries}>
        <RouterProvider router={makeRouter(queries)} />
      </QueryClientProvider>
    </Frame>,
  );
  await screen.findByRole("table", { name: "All rows" }, { timeout: 30_000 });
}

const shown = () => ({
  by: (screen.getByLabelText("By") as HTMLSelectElement).value,
  range: (screen.getByLabelText("Range") as HTMLSelectElement).value,
  project: (screen.getByLabelText("Project") as HTMLSelectElement).value,
  compare: (screen.getByLabelText(/^Compare/) as HTMLInputElement).checked,
});

it("what is clicked together stands in the address, and comes back from it alone", async () => {
  window.history.replaceState(null, "", "/reports");
  await load();
  const user = userEvent.setup();
  await user.selectOptions(screen.getByLabelText("Range"), "last-month");
  await user.selectOptions(await screen.findByLabelText("Project"), PROJECT);
  await user.selectOptions(screen.getByLabelText("By"), "team");
  await user.click(screen.getByLabelText(/^Compare/));
  await user.click(await screen.findByRole("button", { name: "Idle" }));
  const address = new URLSearchParams(window.location.search);
  await waitFor(() =>
    expect(Object.fromEntries(new URLSearchParams(window.location.search))).toEqual({
      range: "last-month",
      project: PROJECT,
      by: "team",
      compare: "false",
      sort: "idle",
    }),
  );
  expect(address.size).toBeGreaterThan(0);
  const before = shown();
  cleanup();
  asked = [];
  await load();
  expect(shown()).toEqual(before);
  expect(Object.fromEntries(asked.find((one) => one.get("sort") === "idle") ?? [])).toMatchObject({
    project_id: PROJECT,
    group_by: "team",
    compare: "false",
    sort: "idle",
  });
});
