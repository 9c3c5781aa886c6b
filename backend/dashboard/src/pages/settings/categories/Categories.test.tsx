import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { type Answer, network, ok, problem } from "../../../../test/network";
import { drawLinked, faults } from "../../../../test/page";
import type { Category, CategoryRule } from "../../../api/categories";
import { Categories } from "./Categories";

const category = (id: string, name: string): Category => ({
  id,
  name,
  kind: "productive",
  created_at: "2026-11-01T09:00:00Z",
});
const ALL = [category("c1", "Design"), category("c2", "Writing")];
const RULES: CategoryRule[] = [
  { application: "Figma*", category_id: "c1" },
  { domain: "docs.example", category_id: "c2" },
];
const saved = (version: number, rules = RULES) =>
  ok({ version, rules, created_at: "2026-11-01T09:00:00Z", applied_at: null });
const done = {
  version: 4,
  state: "applied",
  people_done: 3,
  people: 3,
  moved_seconds: 0,
  started_at: null,
  applied_at: null,
};

beforeEach(() => () => vi.unstubAllGlobals());

async function show(more: Record<string, Answer> = {}) {
  const seen = network({
    "GET /api/v1/categories": () => ok({ items: ALL, next_cursor: null }),
    "GET /api/v1/category-rules": () => saved(4),
    "GET /api/v1/category-rules/progress": () => ok(done),
    ...more,
  });
  await drawLinked(<Categories />);
  await screen.findByRole("list", { name: "Rules" });
  return seen;
}

const sentTo = (seen: Awaited<ReturnType<typeof show>>, route: string) =>
  seen.bodies.filter((_, index) => seen.asked[index] === route);
const PUT = "PUT /api/v1/category-rules";

it("shows categories and rules in their order, without accessibility faults", async () => {
  await show();
  const rows = within(screen.getByRole("list", { name: "Rules" })).getAllByRole("listitem");
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringMatching(/Figma\*.*Design/),
    expect.stringMatching(/docs\.example.*Writing/),
  ]);
  expect(screen.getByRole("button", { name: "Save rules" })).toHaveProperty("disabled", true);
  expect(await faults()).toEqual([]);
});

it("saves the draft under the version that was read", async () => {
  const seen = await show({ [PUT]: () => saved(5, [...RULES].reverse()) });
  await userEvent.click(screen.getByRole("button", { name: "Move rule 2 up" }));
  await userEvent.click(screen.getByRole("button", { name: "Add rule" }));
  const dialog = within(screen.getByRole("dialog"));
  await userEvent.click(dialog.getByRole("button", { name: "Add rule" }));
  dialog.getByText("Name an application, a site or a title.");
  await userEvent.type(dialog.getByLabelText("Title"), "*draft*");
  await userEvent.selectOptions(dialog.getByLabelText("Category"), "Writing");
  await userEvent.click(dialog.getByRole("button", { name: "Add rule" }));
  await userEvent.click(screen.getByRole("button", { name: "Save rules" }));
  await screen.findByText(/^Saved/);
  expect(sentTo(seen, PUT)).toEqual([
    { version: 4, rules: [RULES[1], RULES[0], { title: "*draft*", category_id: "c2" }] },
  ]);
});

it("keeps the draft when somebody else was faster, and saves over theirs only when told", async () => {
  let version = 4;
  const seen = await show({
    "GET /api/v1/category-rules": () => saved(version),
    [PUT]: () => (version === 4 ? problem(409, "conflict") : saved(version + 1, [])),
  });
  await userEvent.click(screen.getByRole("button", { name: "Remove rule 2" }));
  await userEvent.click(screen.getByRole("button", { name: "Save rules" }));
  await screen.findByText("Somebody else saved rules meanwhile");
  expect(screen.getAllByRole("button", { name: /^Remove rule/ })).toHaveLength(1);
  version = 7;
  await userEvent.click(screen.getByRole("button", { name: /^Keep mine/ }));
  await waitFor(() => expect(screen.queryByText("Somebody else saved rules meanwhile")).toBeNull());
  await userEvent.click(screen.getByRole("button", { name: "Save rules" }));
  await waitFor(() =>
    expect(sentTo(seen, PUT)).toEqual([
      { version: 4, rules: [RULES[0]] },
      { version: 7, rules: [RULES[0]] },
    ]),
  );
});

it("tries the draft, and says when what is shown is of other rules", async () => {
  const TRY = "POST /api/v1/category-rules/preview";
  const seen = await show({
    [TRY]: () =>
      ok({
        from: "2026-10-20",
        to: "2026-11-18",
        worked_seconds: 36_000,
        moved_seconds: 3_600,
        decided_by_title_seconds: 0,
        rule_seconds: [7_200, 3_600],
        moved: [
          {
            application: "Notion",
            domain: "",
            before: null,
            after: "c2",
            worked_seconds: 3_600,
          },
        ],
        left_out: 0,
      }),
  });
  await userEvent.click(screen.getByRole("button", { name: "Try out" }));
  const moves = within(await screen.findByRole("table", { name: "What would move" }));
  expect(moves.getAllByRole("row")[1]?.textContent).toMatch(/Notion.*none.*Writing.*1 h/);
  expect(sentTo(seen, TRY)).toEqual([{ rules: RULES, days: 30 }]);
  await userEvent.click(screen.getByRole("button", { name: "Remove rule 1" }));
  await screen.findByText(/^Of the rules before your last change/);
});

it("makes a category and says what stands against removing one", async () => {
  const seen = await show({
    "POST /api/v1/categories": () => ok(category("c3", "Sales"), 201),
    "DELETE /api/v1/categories/c1": () =>
      problem(409, "conflict", { detail: "Nothing was changed: rules name it." }),
  });
  await userEvent.click(screen.getByRole("button", { name: "Add category" }));
  const form = within(screen.getByRole("dialog"));
  await userEvent.click(form.getByRole("button", { name: "Add" }));
  form.getByText("Give it a name.");
  await userEvent.type(form.getByLabelText("Name"), "Sales");
  await userEvent.selectOptions(form.getByLabelText("Counts as"), "neutral");
  await userEvent.click(form.getByRole("button", { name: "Add" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(sentTo(seen, "POST /api/v1/categories")).toEqual([{ name: "Sales", kind: "neutral" }]);
  await userEvent.click(screen.getByRole("button", { name: "Remove Design" }));
  const question = within(screen.getByRole("dialog"));
  question.getByText(/A rule still puts something into it/);
  await userEvent.click(question.getByRole("button", { name: "Remove" }));
  await question.findByText("Nothing was changed: rules name it.");
});
