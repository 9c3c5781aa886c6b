// Every page that each role can reach, by name and address. The walk goes through them on a real
// server in light and in dark: no finding of axe, nothing in the console, no report of the policy.
import assert from "node:assert/strict";
import { findings, settled, sideways } from "./tools.mjs";

/** What everybody has about themself. */
const OWN = {
  me: "/me",
  "me-weeks": "/me/weeks",
  "me-privacy": "/me/privacy",
  "me-looks": "/me/looks",
  "me-account": "/me/account",
  alerts: "/alerts?state=all",
  notes: "/alerts/notes?state=all",
  projects: "/projects",
};

/** `ids` names a person, a team and a project that the roles see, and of the admin a webhook. */
export function pagesOf({ person, team, project, webhook }) {
  const managers = {
    live: "/live",
    people: "/people",
    person: `/people/${person}`,
    "person-day": `/people/${person}/day`,
    "person-weeks": `/people/${person}/weeks`,
    "person-looks": `/people/${person}/looks`,
    teams: "/people/teams",
    team: `/people/teams/${team}`,
    devices: "/people/devices",
    reports: "/reports?range=last-30",
    "reports-days": "/reports?range=last-30&by=day",
    "reports-hours": "/reports?range=last-30&by=hour",
    "reports-applications": "/reports?range=last-30&by=application",
    attendance: "/reports/attendance?range=last-7",
    completeness: "/reports/completeness?range=last-30",
    files: "/reports/files",
    project: `/projects/${project}`,
    ...OWN,
  };
  const admins = {
    ...managers,
    "team-policy": `/people/teams/${team}/policy`,
    invitations: "/people/invitations",
    enrolment: "/people/enrolment",
    start: "/start",
    organization: "/settings",
    policy: "/settings/policy",
    categories: "/settings/categories",
    webhooks: "/settings/webhooks",
    ...(webhook === undefined ? {} : { webhook: `/settings/webhooks/${webhook}` }),
    jobs: "/settings/jobs",
    audit: "/settings/audit",
  };
  return { admin: admins, manager: managers, employee: OWN };
}

/** What a page may say in the console: an address that is asked for and answered with nothing. */
export const EXPECTED = {
  // A team without a policy of its own is answered so, and the page says it in words.
  "team-policy": [/404/],
};

export async function walk({ step, page, role, pages, address }) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const [name, path] of Object.entries(pages)) {
    await step(`${role}: ${name}, in light and dark`, async () => {
      page.expected = EXPECTED[name] ?? [];
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(address + path);
      await settled(page);
      assert.equal(await page.getByRole("alert").count(), 0, "the page reports a problem");
      await sideways(page, name);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.waitForFunction(
          (scheme) => document.documentElement.dataset.mantineColorScheme === scheme,
          colorScheme,
        );
        assert.deepEqual(await findings(page), [], `${name} in ${colorScheme}`);
      }
    });
  }
}
