/**
 * Every page by name, for the command palette. Apart from the sections, because it needs the words
 * of all pages, and is loaded with the palette only.
 */
import { text } from "../text/en";
import { groups } from "../text/groups";
import { me } from "../text/me";
import { people } from "../text/people";
import { reports } from "../text/reports";
import { settings } from "../text/settings";
import { start } from "../text/start";
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
  { to: "/projects", label: groups.projects.title, roles: EVERYBODY },
  { to: "/start", label: start.title, roles: ADMINS },
  { to: "/settings", label: settings.tabs.organization, roles: ADMINS },
  { to: "/settings/policy", label: settings.tabs.policy, roles: ADMINS },
  { to: "/settings/audit", label: settings.tabs.audit, roles: ADMINS },
  { to: "/me", label: me.tabs.day, roles: EVERYBODY },
  { to: "/me/weeks", label: me.tabs.weeks, roles: EVERYBODY },
  { to: "/me/privacy", label: me.privacy.title, roles: EVERYBODY },
  { to: "/me/looks", label: me.looks.title, roles: EVERYBODY },
  { to: "/me/account", label: me.account.title, roles: EVERYBODY },
] as const satisfies readonly Place[];
