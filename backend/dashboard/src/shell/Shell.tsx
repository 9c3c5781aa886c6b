/** The frame around every page after the log-in: rail (bottom bar on a phone), account, content. */
import { IconMenu2, IconSearch } from "@tabler/icons-react";
import { Link, useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { AlertCount } from "../alerts/AlertCount";
import { AlertWatch } from "../alerts/AlertWatch";
import type { Me, Role } from "../api/types";
import { InFrame } from "../pages/Trouble";
import { fetchPages, whenIdle } from "../routes/fetchPages";
import { text } from "../text/en";
import { shell as words } from "../text/shell";
import { Logo } from "../ui/Logo";
import { AccountMenu } from "./AccountMenu";
import { LoadedPalette, loadPalette } from "./LoadedPalette";
import { OfflineNote } from "./OfflineNote";
import classes from "./Shell.module.css";
import { SECTIONS, shownTo } from "./sections";
import { useLogout } from "./useLogout";
import { usePalette } from "./usePalette";

/** What the key is called that stands beside K. */
const MODIFIER = /mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘" : "Ctrl";

export function Shell(props: { me: Me; onLoggedOut: () => void; children: ReactNode }) {
  const { role } = props.me;
  const logout = useLogout(props.onLoggedOut);
  const [open, setOpen] = usePalette();
  usePagesAhead(role);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        {text.skipToContent}
      </a>
      <nav className={classes.rail} aria-label={text.nav.label}>
        <div className={classes.logo}>
          <Logo size={34} />
        </div>
        <button
          type="button"
          className={classes.search}
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => setOpen(true)}
        >
          <IconSearch size={20} stroke={1.7} aria-hidden="true" />
          <span className="wp-hidden">{words.open}</span>
          <span className={classes.key} aria-hidden="true">
            {words.shortcut(MODIFIER)}
          </span>
        </button>
        <ul className={classes.sections}>
          {shownTo(SECTIONS, role).map(({ to, label, Icon, phone }) => (
            <li key={to} data-phone={phone.includes(role)}>
              <Link to={to} className={classes.section} activeProps={{ "aria-current": "page" }}>
                <Icon size={22} stroke={1.7} aria-hidden="true" />
                <span>{label}</span>
                {to === "/alerts" && <AlertCount />}
              </Link>
            </li>
          ))}
          <li className={classes.menu}>
            <button type="button" className={classes.section} onClick={() => setOpen(true)}>
              <IconMenu2 size={22} stroke={1.7} aria-hidden="true" />
              <span>{words.more}</span>
            </button>
          </li>
        </ul>
        <AccountMenu me={props.me} logout={logout} />
      </nav>
      <main className={classes.content} id="content" tabIndex={-1}>
        <OfflineNote />
        <InFrame value={true}>{props.children}</InFrame>
      </main>
      <AlertWatch me={props.me} />
      {open && (
        <LoadedPalette role={role} onLogout={logout.mutate} onClose={() => setOpen(false)} />
      )}
    </div>
  );
}

/** What can be opened from here is fetched ahead, so that it opens without a network, too. */
function usePagesAhead(role: Role): void {
  const router = useRouter();
  useEffect(() => {
    const stop = new AbortController();
    const pages = Object.values(router.routesById);
    void fetchPages(pages, role, whenIdle, stop.signal).then((all) => {
      // Not where the network is to be spared: it is loaded when it is opened.
      if (all) loadPalette().catch(() => {});
    });
    return () => stop.abort();
  }, [router, role]);
}
