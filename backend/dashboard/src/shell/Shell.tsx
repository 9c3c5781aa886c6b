/** The frame around every page after the log-in: rail (bottom bar on a phone), account, content. */
import {
  IconActivityHeartbeat,
  IconFolder,
  IconSettings,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Me, Role } from "../api/types";
import { text } from "../text/en";
import { Logo } from "../ui/Logo";
import { AccountMenu } from "./AccountMenu";
import classes from "./Shell.module.css";

const EVERYBODY: readonly Role[] = ["admin", "manager", "employee"];

/** The sections, and whose navigation shows them. An employee's live view is their own day. */
const SECTIONS = [
  { to: "/live", label: text.nav.live, Icon: IconActivityHeartbeat, roles: ["admin", "manager"] },
  { to: "/people", label: text.nav.people, Icon: IconUsers, roles: ["admin", "manager"] },
  { to: "/projects", label: text.nav.projects, Icon: IconFolder, roles: EVERYBODY },
  { to: "/settings", label: text.nav.settings, Icon: IconSettings, roles: ["admin"] },
  { to: "/me", label: text.nav.me, Icon: IconUser, roles: EVERYBODY },
] as const satisfies readonly { roles: readonly Role[]; [more: string]: unknown }[];

function sectionsFor(role: Role) {
  const shown = SECTIONS.filter(({ roles }) => (roles as readonly Role[]).includes(role));
  // Everybody's own page stands last, and where it is the one that matters, first.
  return role === "employee" ? shown.reverse() : shown;
}

export function Shell(props: { me: Me; onLoggedOut: () => void; children: ReactNode }) {
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        {text.skipToContent}
      </a>
      <nav className={classes.rail} aria-label={text.nav.label}>
        <div className={classes.logo}>
          <Logo size={34} />
        </div>
        <ul className={classes.sections}>
          {sectionsFor(props.me.role).map(({ to, label, Icon }) => (
            <li key={to}>
              <Link to={to} className={classes.section} activeProps={{ "aria-current": "page" }}>
                <Icon size={22} stroke={1.7} aria-hidden="true" />
                <span>{label}</span>
              </Link>
            </li>
          ))}
        </ul>
        <AccountMenu me={props.me} onLoggedOut={props.onLoggedOut} />
      </nav>
      <main className={classes.content} id="content" tabIndex={-1}>
        {props.children}
      </main>
    </div>
  );
}
