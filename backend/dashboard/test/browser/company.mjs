// Every page with real data, as each role: pictures at three widths in both schemes, and with them
// axe (contrast included), no policy report, no dialog, no exception, no sideways scroll.
// `node test/browser/company.mjs http://127.0.0.1:3000`, with `WORKPULSE_ADMIN`, `…_MANAGER` and
// `…_EMPLOYEE` as "e-mail password"; `cargo xtask screenshots` brings a company along.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const base = process.argv[2];
if (!base?.startsWith("http")) {
  console.error("Name the server: node test/browser/company.mjs http://127.0.0.1:3000");
  process.exit(1);
}
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7);
const german = process.argv.includes("--german");
const root = fileURLToPath(new URL("../../", import.meta.url));
const shots = `${root}test-results/company/`;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [
  [360, 780],
  [768, 1024],
  [1440, 900],
];
const executablePath =
  process.env.CHROMIUM ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

/** A role that is logged in; its cookies do for every page. */
async function logIn(role) {
  const [email, password] = (process.env[`WORKPULSE_${role.toUpperCase()}`] ?? "").split(" ");
  assert.ok(email && password, `WORKPULSE_${role.toUpperCase()} is "e-mail password"`);
  const context = await browser.newContext({ baseURL: base });
  const answer = await context.request.post("/api/v1/auth/login", {
    headers: { origin: base },
    data: { email, password, delivery: "cookie" },
  });
  assert.ok(answer.ok(), `${role} cannot log in: ${answer.status()}`);
  const get = async (path) => (await context.request.get(`/api/v1${path}`)).json();
  return { state: await context.storageState(), get };
}

const first = async (list) => (await list).items[0].id;

/** Name, address and role; without a role nobody is logged in. */
async function pages({ admin }) {
  const team = await first(admin.get("/teams"));
  const project = await first(admin.get("/projects"));
  const people = (await admin.get("/users?limit=200")).items;
  const person = people.find(({ role }) => role === "employee").id;
  const of = (role, list) => Object.entries(list).map(([name, path]) => ({ name, path, role }));
  return [
    ...of(null, { login: "/login", forgot: "/forgot" }),
    ...of("admin", {
      live: "/live",
      people: "/people",
      person: `/people/${person}`,
      invitations: "/people/invitations",
      teams: "/people/teams",
      team: `/people/teams/${team}`,
      "team-policy": `/people/teams/${team}/policy`,
      devices: "/people/devices",
      enrolment: "/people/enrolment",
      reports: "/reports?range=last-30",
      "reports-days": "/reports?range=last-30&by=day",
      files: "/reports/files",
      alerts: "/alerts?state=all",
      notes: "/alerts/notes?state=all",
      "person-day": `/people/${person}/day`,
      "person-looks": `/people/${person}/looks`,
      "reports-applications": "/reports?range=last-30&by=application",
      attendance: "/reports/attendance?range=last-7",
      completeness: "/reports/completeness?range=last-30",
      projects: "/projects",
      project: `/projects/${project}`,
      start: "/start",
      organization: "/settings",
      policy: "/settings/policy",
      audit: "/settings/audit",
      categories: "/settings/categories",
      webhooks: "/settings/webhooks",
      jobs: "/settings/jobs",
    }),
    ...of("manager", { "manager-live": "/live", "manager-people": "/people" }),
    ...of("employee", {
      me: "/me",
      "me-privacy": "/me/privacy",
      "me-looks": "/me/looks",
      "me-account": "/me/account",
      "employee-projects": "/projects",
    }),
  ];
}

const failed = [];

async function picture({ name, path, role }, roles, scheme, [width, height]) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale: german ? "de-DE" : "en-GB",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    ...(role === null ? {} : { storageState: roles[role].state }),
  });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    // Who is not logged in is told so by the first question.
    if (role === null && /401/.test(message.text())) return;
    // A team without a policy of its own is answered so, and the page says it in words.
    if (name.startsWith("team-policy") && /404/.test(message.text())) return;
    faults.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  try {
    await page.goto(base + path);
    await page.getByRole("heading", { level: 1 }).waitFor({ timeout: 20_000 });
    // Loaded: no skeleton is left, and the fonts are there.
    await page.waitForFunction(() => !document.querySelector(".mantine-Skeleton-root"), null, {
      timeout: 20_000,
    });
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `${shots}${name}-${scheme}-${width}.png` });
    assert.deepEqual(faults, []);
    assert.equal(await page.getByRole("alert").count(), 0, "the page reports a problem");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px wider than the window`);
    // Through the debugger, because the page's own policy allows no injected script.
    await page.evaluate(`${axe}; undefined`);
    const found = await page.evaluate(async () => {
      const { violations } = await window.axe.run(document, {
        rules: { "target-size": { enabled: true } },
      });
      return violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`);
    });
    assert.deepEqual(found, []);
  } finally {
    await context.close();
  }
}

try {
  mkdirSync(shots, { recursive: true });
  const roles = {};
  for (const role of ["admin", "manager", "employee"]) roles[role] = await logIn(role);
  for (const spec of await pages(roles)) {
    if (only && !spec.name.startsWith(only)) continue;
    for (const scheme of ["light", "dark"]) {
      for (const size of WIDTHS) {
        const name = `${spec.name}-${scheme}-${size[0]}`;
        try {
          await picture(spec, roles, scheme, size);
          console.log(`ok    ${name}`);
        } catch (error) {
          failed.push(name);
          console.log(`FAIL  ${name}: ${error.message}`);
        }
      }
    }
  }
} finally {
  await browser.close();
}
console.log(`The pictures are in ${shots}`);
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
