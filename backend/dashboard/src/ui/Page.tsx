/** The head of a page, its parts, and what stands there while there is nothing to show. */
import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { text } from "../text/en";
import { shared } from "../text/shared";
import { OldNote } from "./LoadProblem";
import { useOfflineSince } from "./offline";
import classes from "./Page.module.css";

interface PageProps {
  title: string;
  /** The title as it is shown, where it is more than its words. */
  heading?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  tabs?: ReactNode;
  /** The way back to the list that this is one of. */
  back?: ReactNode;
  /** Text and forms read better in a narrow column. */
  narrow?: boolean;
  children: ReactNode;
}

export function Page(props: PageProps) {
  return (
    <div className={classes.page} data-narrow={props.narrow ?? false}>
      <title>{text.pageTitle(props.title)}</title>
      <header className={classes.head}>
        <div className={classes.heading}>
          {props.back && <div className={classes.back}>{props.back}</div>}
          <h1>{props.heading ?? props.title}</h1>
          {props.lead && <p>{props.lead}</p>}
        </div>
        {props.actions && <div className={classes.actions}>{props.actions}</div>}
      </header>
      {props.tabs}
      {props.children}
      <OldNote />
    </div>
  );
}

export function Section(props: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={classes.section}>
      <div className={classes.head}>
        <div className={classes.heading}>
          <h2>{props.title}</h2>
          {props.lead && <p>{props.lead}</p>}
        </div>
        {props.actions && <div className={classes.actions}>{props.actions}</div>}
      </div>
      {props.children}
    </section>
  );
}

export function Empty(props: { title: string; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <p className={classes["empty-title"]}>{props.title}</p>
      {props.children}
    </div>
  );
}

/** Rows to come; without a network they do not, and that is said. */
export function Rows(props: { count?: number }) {
  const offline = useOfflineSince() !== null;
  if (offline) {
    return (
      <div className={classes.empty} role="status">
        <p className={classes["empty-title"]}>{shared.offline}</p>
        <p>{shared.offlineHint}</p>
      </div>
    );
  }
  return (
    <div className={classes.rows} role="status">
      <span className="wp-hidden">{shared.loading}</span>
      {Array.from({ length: props.count ?? 5 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <Skeleton key={row} height={20} radius="sm" />
      ))}
    </div>
  );
}

/** Said once after something was done. */
export function Done(props: { children: ReactNode }) {
  return (
    <p className={classes.done} role="status">
      {props.children}
    </p>
  );
}

/** A word with a shape beside it, for the state of an account, a device or a token. */
export function Badge(props: {
  tone: "good" | "waiting" | "bad" | "quiet";
  children: ReactNode;
  title?: string;
}) {
  return (
    <span className={classes.badge} data-tone={props.tone} title={props.title}>
      <i aria-hidden="true" />
      {props.children}
    </span>
  );
}
