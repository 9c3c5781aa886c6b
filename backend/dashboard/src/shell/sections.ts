/**
 * The rail's sections, and whose roles open them. The server decides; this only spares a way to a
 * page that it would refuse.
 */
import {
  IconActivityHeartbeat,
  IconFolder,
  IconSettings,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import type { Role } from "../api/types";
import { text } from "../text/en";

export const EVERYBODY: readonly Role[] = ["admin", "manager", "employee"];
export const MANAGERS: readonly Role[] = ["admin", "manager"];
export const ADMINS: readonly Role[] = ["admin"];

export interface Place {
  to: string;
  label: string;
  roles: readonly Role[];
}

/** `phone`: shown in a phone's bar; all others stand in its menu. */
export const SECTIONS = [
  { to: "/live", label: text.nav.live, Icon: IconActivityHeartbeat, roles: MANAGERS, phone: true },
  { to: "/people", label: text.nav.people, Icon: IconUsers, roles: MANAGERS, phone: true },
  { to: "/projects", label: text.nav.projects, Icon: IconFolder, roles: EVERYBODY, phone: true },
  { to: "/settings", label: text.nav.settings, Icon: IconSettings, roles: ADMINS, phone: false },
  { to: "/me", label: text.nav.me, Icon: IconUser, roles: EVERYBODY, phone: true },
] as const satisfies readonly (Place & { [more: string]: unknown })[];

/** What a role is shown, in its order: an employee's own page comes first. */
export function shownTo<One extends { roles: readonly Role[] }>(
  places: readonly One[],
  role: Role,
): One[] {
  const shown = places.filter(({ roles }) => roles.includes(role));
  return role === "employee" ? shown.reverse() : shown;
}
