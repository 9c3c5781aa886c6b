/**
 * Every page by name, for the command palette. Apart from the sections, because it needs the words
 * of all pages, and is loaded with the palette only.
 */
import { categories } from "../text/categories";
import { text } from "../text/en";
import { files } from "../text/files";
import { groups } from "../text/groups";
import { jobs } from "../text/jobs";
import { me } from "../text/me";
import { notes } from "../text/notes";
import { people } from "../text/people";
import { reports } from "../text/reports";
import { settings } from "../text/settings";
import { start } from "../text/start";
import { webhooks } from "../text/webhooks";
import { ADMINS, EVERYBODY, MANAGERS, type Place } from "./sections";

/** Everything with an address of its own that takes no value. */
export const PLACES = [
  { to: "/live", label: text.nav.live, roles: MANAGERS },
  { to: "/people", label: text.nav.people, roles: MANAGERS },
  { to: "/people/teams", label: groups.teams.title, roles: MANAGERS },
  { to: "/people/invitations", label: people.invitations.title, roles: ADMINS },
  { to: "/people/devices", label: people.tabs.devices, roles: MANAGERS },
  { to: "/people/enrolment", label: people.tabs.tokens, roles: ADMINS },
  { to: "/reports", label: reports.title, roles: MANAGERS },
  { to: "/reports/attendance", label: reports.attendance.title, roles: MANAGERS },
  { to: "/reports/completeness", label: reports.completeness.title, roles: MANAGERS },
  { to: "/reports/files", label: files.title, roles: MANAGERS },
  { to: "/alerts", label: text.nav.alerts, roles: EVERYBODY },
  { to: "/alerts/notes", label: notes.pageTitle, roles: EVERYBODY },
  { to: "/projects", label: groups.projects.title, roles: EVERYBODY },
  { to: "/start", label: start.title, roles: ADMINS },
  { to: "/settings", label: settings.tabs.organization, roles: ADMINS },
  { to: "/settings/policy", label: settings.tabs.policy, roles: ADMINS },
  { to: "/settings/categories", label: categories.pageTitle, roles: ADMINS },
  { to: "/settings/webhooks", label: webhooks.title, roles: ADMINS },
  { to: "/settings/jobs", label: jobs.title, roles: ADMINS },
  { to: "/settings/audit", label: settings.tabs.audit, roles: ADMINS },
  { to: "/me", label: me.tabs.day, roles: EVERYBODY },
  { to: "/me/weeks", label: me.tabs.weeks, roles: EVERYBODY },
  { to: "/me/privacy", label: me.privacy.title, roles: EVERYBODY },
  { to: "/me/looks", label: me.looks.title, roles: EVERYBODY },
  { to: "/me/account", label: me.account.title, roles: EVERYBODY },
] as const satisfies readonly Place[];
