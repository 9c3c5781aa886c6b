// What the mock server answers about categories: a list, ordered rules, a preview, and progress.
import { HOSTILE, uuid } from "./people.mjs";

const iso = (millis) => new Date(millis).toISOString();
const DAY = 24 * 3_600_000;

export function categoriesOf(now, hostile) {
  let turn = 0;
  const text = (plain) => {
    turn += 1;
    return hostile ? HOSTILE[turn % HOSTILE.length] : plain;
  };
  const list = [
    ["Chat and meetings", "neutral"],
    ["Design", "productive"],
    ["Development", "productive"],
    ["Social media", "unproductive"],
    ["Writing", "productive"],
  ].map(([name, kind], i) => ({
    id: uuid(9000 + i),
    name: text(name),
    kind,
    created_at: iso(now - 90 * DAY),
  }));
  const rule = (of, parts) => ({ ...parts, category_id: list[of].id });
  return {
    list,
    rules: {
      version: 4,
      rules: [
        rule(1, { application: text("Figma*") }),
        rule(2, { application: text("Visual Studio Code") }),
        rule(2, { domain: "github.com" }),
        rule(0, { application: text("Zoom"), title: text("*stand-up*") }),
        rule(0, { application: text("Slack") }),
        rule(3, { domain: "facebook.com" }),
      ],
      created_at: iso(now - 9 * DAY),
      applied_at: iso(now - 9 * DAY),
    },
    progress: {
      version: 4,
      state: "applied",
      people_done: 26,
      people: 26,
      moved_seconds: 7_200,
      started_at: iso(now - 9 * DAY),
      applied_at: iso(now - 9 * DAY),
    },
  };
}

/** Routes by method and pattern, as those of `adminRoutes`. */
export function categoryRoutes({ mock, json, problem }) {
  const conflict = (res, detail) =>
    problem(res, 409, "conflict", "This stands against something else", detail);
  const it = () => mock.categories;
  const routes = [
    [
      "GET",
      /^\/api\/v1\/categories$/,
      (res) => {
        if (mock.categoriesHang) return undefined;
        if (mock.categoriesFail) {
          return problem(res, 503, "unavailable", "Not available just now", "Nothing was lost.");
        }
        return json(res, 200, { items: it().list, next_cursor: null });
      },
    ],
    [
      "POST",
      /^\/api\/v1\/categories$/,
      (res, _ids, body) => {
        if (it().list.some((one) => one.name === body.name)) {
          return conflict(res, "Nothing was changed: there is a category of this name.");
        }
        const made = { ...body, id: uuid(9100 + it().list.length), created_at: iso(Date.now()) };
        it().list.push(made);
        return json(res, 201, made);
      },
    ],
    [
      "PATCH",
      /^\/api\/v1\/categories\/(?<id>[^/]+)$/,
      (res, { id }, body) =>
        json(res, 200, Object.assign(it().list.find((one) => one.id === id) ?? {}, body)),
    ],
    [
      "DELETE",
      /^\/api\/v1\/categories\/(?<id>[^/]+)$/,
      (res, { id }) => {
        if (it().rules.rules.some((rule) => rule.category_id === id)) {
          return conflict(res, "Nothing was changed: rules name this category.");
        }
        it().list = it().list.filter((one) => one.id !== id);
        return json(res, 204);
      },
    ],
    ["GET", /^\/api\/v1\/category-rules$/, (res) => json(res, 200, it().rules)],
    [
      "PUT",
      /^\/api\/v1\/category-rules$/,
      (res, _ids, body) => {
        if (body.version !== it().rules.version) {
          return conflict(
            res,
            "The rules have changed since you read them. Nothing was changed; read them again.",
          );
        }
        const version = body.version + 1;
        it().rules = { version, rules: body.rules, created_at: iso(Date.now()), applied_at: null };
        it().progress = {
          ...it().progress,
          version,
          state: "running",
          people_done: 9,
          moved_seconds: 5_400,
          applied_at: null,
        };
        return json(res, 200, it().rules);
      },
    ],
    ["GET", /^\/api\/v1\/category-rules\/progress$/, (res) => json(res, 200, it().progress)],
    [
      "POST",
      /^\/api\/v1\/category-rules\/preview$/,
      (res, _ids, body) => {
        if (mock.refuseTry) {
          return problem(res, 503, "unavailable", "Not available just now", "Nothing was lost.");
        }
        const { list } = it();
        const last = body.rules.at(-1)?.category_id ?? null;
        return json(res, 200, {
          from: iso(Date.now() - (body.days - 1) * DAY).slice(0, 10),
          to: iso(Date.now()).slice(0, 10),
          worked_seconds: 2_940_000,
          moved_seconds: 41_400,
          decided_by_title_seconds: 9_000,
          rule_seconds: body.rules.map((rule, i) =>
            rule.title ? null : Math.round(900_000 / (i + 1)),
          ),
          moved: [
            {
              application: "Firefox",
              domain: "docs.northwind.example",
              before: null,
              after: last,
              worked_seconds: 30_600,
            },
            {
              application: "Notion",
              domain: "",
              before: list[0]?.id ?? null,
              after: last,
              worked_seconds: 10_800,
            },
          ],
          left_out: 0,
        });
      },
    ],
  ];
  return routes.map(([method, pattern, answer]) => ({ method, pattern, answer }));
}

const admin = { role: "admin" };
const address = "/settings/categories";
const ready = (page) => page.getByRole("list", { name: "Rules" }).waitFor();

export const categoryPages = {
  categories: { options: admin, address, ready },
  "categories-hostile": { options: { ...admin, hostile: true }, address, ready },
  "categories-rule": {
    options: admin,
    address,
    ready: async (page) => {
      await page.getByRole("button", { name: "Add rule" }).click();
      await page.getByRole("dialog").getByLabel("Site").fill("docs.northwind.example");
    },
  },
  "categories-tried": {
    options: admin,
    address,
    ready: async (page) => {
      await page.getByRole("button", { name: "Move rule 2 up" }).click();
      await page.getByRole("button", { name: "Try out" }).click();
      const table = page.getByRole("table", { name: "What would move" });
      await table.waitFor();
      await table.scrollIntoViewIfNeeded();
    },
  },
  "categories-saved": {
    options: admin,
    address,
    ready: async (page) => {
      await page.getByRole("button", { name: "Remove rule 6" }).click();
      await page.getByRole("button", { name: "Save rules" }).click();
      await page.getByText("9 of 26 people", { exact: false }).waitFor();
    },
  },
  "categories-empty": {
    options: admin,
    address,
    before: (server) => {
      server.mock.categories.list = [];
      server.mock.categories.rules.rules = [];
    },
    ready: (page) => page.getByText("No categories yet").waitFor(),
  },
  "categories-failed": {
    options: admin,
    address,
    expected: [/503/],
    before: (server) => {
      server.mock.categoriesFail = true;
    },
    ready: (page) => page.getByRole("alert").waitFor(),
  },
  "categories-loading": {
    options: admin,
    address,
    before: (server) => {
      server.mock.categoriesHang = true;
    },
    ready: (page) => page.getByText("Loading…").first().waitFor({ state: "attached" }),
  },
};
