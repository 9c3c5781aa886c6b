/** The frame of every page: where one can go, what the agent does, and what was missed. */
import {
  IconActivity,
  IconCalendar,
  IconDatabase,
  IconSettings,
  IconStethoscope,
} from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import type { Status } from "../bridge";
import { words } from "../text/words";
import { ReturnedBar } from "./ReturnedBar";
import classes from "./Shell.module.css";
import { type Go, PAGES, type PageName } from "./useRoute";

const ICONS: Record<PageName, typeof IconActivity> = {
  today: IconActivity,
  data: IconDatabase,
  days: IconCalendar,
  settings: IconSettings,
  diagnosis: IconStethoscope,
};

export function Shell(props: {
  status: Status;
  stale: boolean;
  page: PageName;
  go: Go;
  children: ReactNode;
}) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(props.page);
  useEffect(() => {
    // Another page is read from its begin.
    if (shown.current === props.page) return;
    shown.current = props.page;
    main.current?.focus();
    main.current?.scrollTo(0, 0);
  }, [props.page]);
  return (
    <div className={classes.shell}>
      <nav className={classes.rail} aria-label={words.pages}>
        {PAGES.map((page) => {
          const Icon = ICONS[page];
          return (
            <a
              key={page}
              href={`#${page}`}
              className={classes.place}
              aria-current={page === props.page ? "page" : undefined}
            >
              <Icon size={20} stroke={1.8} aria-hidden="true" />
              <span>{words.places[page]}</span>
            </a>
          );
        })}
      </nav>
      <main className={classes.main} ref={main} tabIndex={-1}>
        <title>{`${words.places[props.page]} · WorkPulse`}</title>
        {!props.status.running && (
          <p className={classes.warning} role="status">
            {words.notRunning}
          </p>
        )}
        {props.stale && (
          <p className={classes.warning} role="status">
            {words.stale}
          </p>
        )}
        <ReturnedBar />
        {props.children}
      </main>
    </div>
  );
}
