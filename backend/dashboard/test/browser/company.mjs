// Every page with real data, as each role: pictures at three widths in both schemes, and with them
// axe (contrast included), no policy report, no dialog, no exception, no sideways scroll.
// `node test/browser/company.mjs http://127.0.0.1:3000`, with `WORKPULSE_ADMIN`, `…_MANAGER` and
// `…_EMPLOYEE` as "e-mail password"; `cargo xtask screenshots` brings a company along.
// `--only=` takes pages whose name begins so, `--german` speaks German.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { EXPECTED, pagesOf } from "./realPages.mjs";
import { findings, launch, settled, sideways, WIDTHS, watched } from "./tools.mjs";

const base = process.argv[2];
if (!base?.startsWith("http")) {
  console.error("Name the server: node test/browser/company.mjs http://127.0.0.1:3000");
  process.exit(1);
}
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7);
const german = process.argv.includes("--german");
const root = fileURLToPath(new URL("../../", import.meta.url));
const shots = `${root}test-results/company/`;
const browser = await launch();

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
  return { state: await context.storageState(), get, at: Date.now() };
}

const roles = {};
/** A log-in runs out while hundreds of pictures are taken: one that is older is begun anew. */
const FRESH = 5 * 60_000;

async function loggedIn(role) {
  if (Date.now() - (roles[role]?.at ?? 0) > FRESH) roles[role] = await logIn(role);
  return roles[role];
}

/** Name, address and role; without a role nobody is logged in. An admin's name stands alone. */
async function pages({ admin, employee }) {
  const first = async (path) => (await admin.get(path)).items[0]?.id;
  const ids = {
    person: (await employee.get("/me")).user_id,
    team: await first("/teams"),
    project: await first("/projects"),
    webhook: await first("/webhooks"),
  };
  const of = (role, list, before = "") =>
    Object.entries(list).map(([page, path]) => ({ page, name: before + page, path, role }));
  const byRole = pagesOf(ids);
  return [
    ...of(null, { login: "/login", forgot: "/forgot" }),
    ...of("admin", byRole.admin),
    ...of("manager", byRole.manager, "manager-"),
    ...of("employee", byRole.employee, "employee-"),
  ];
}

async function picture({ page: kind, name, path, role }, scheme, [width, height]) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale: german ? "de-DE" : "en-GB",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    ...(role === null ? {} : { storageState: (await loggedIn(role)).state }),
  });
  try {
    const page = await watched(context);
    // Who is not logged in is told so by the first question.
    page.expected = role === null ? [/401/] : (EXPECTED[kind] ?? []);
    await page.goto(base + path);
    await settled(page);
    await page.screenshot({ path: `${shots}${name}-${scheme}-${width}.png` });
    assert.deepEqual(page.faults, []);
    assert.equal(await page.getByRole("alert").count(), 0, "the page reports a problem");
    await sideways(page, name);
    assert.deepEqual(await findings(page), []);
  } finally {
    await context.close();
  }
}

const failed = [];
try {
  mkdirSync(shots, { recursive: true });
  const [admin, employee] = [await loggedIn("admin"), await loggedIn("employee")];
  for (const spec of await pages({ admin, employee })) {
    if (only && !spec.name.startsWith(only)) continue;
    for (const scheme of ["light", "dark"]) {
      for (const size of WIDTHS) {
        const name = `${spec.name}-${scheme}-${size[0]}`;
        try {
          await picture(spec, scheme, size);
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
