/** Small parts that every page is made of. */
import { Button, Skeleton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { reason } from "../bridge";
import { words } from "../text/words";
import classes from "./parts.module.css";

export function Head(props: { title: string; lead?: ReactNode; actions?: ReactNode }) {
  return (
    <header className={classes.head}>
      <div>
        <h1>{props.title}</h1>
        {props.lead && <p className={classes.lead}>{props.lead}</p>}
      </div>
      {props.actions && <div className={classes.actions}>{props.actions}</div>}
    </header>
  );
}

export function Section(props: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h2>{props.title}</h2>
      {props.lead && <p className={classes.lead}>{props.lead}</p>}
      {props.children}
    </section>
  );
}

/** What went wrong, in the program's own words, and the way to try again. */
export function Failure(props: { heading: string; error: unknown; onRetry?: () => void }) {
  return (
    <div className={classes.failure} role="alert">
      <IconAlertTriangle size={20} stroke={1.8} aria-hidden="true" />
      <div>
        <strong>{props.heading}</strong>
        <p>{reason(props.error)}</p>
        {props.onRetry && (
          <Button size="sm" variant="default" onClick={props.onRetry}>
            {words.again}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Something to come. */
export function Loading() {
  return (
    <div className={classes.loading} role="status">
      <span className="wp-hidden">{words.loading}</span>
      <Skeleton height={28} width="40%" radius="sm" />
      <Skeleton height={72} radius="sm" />
      <Skeleton height={20} radius="sm" />
      <Skeleton height={20} width="70%" radius="sm" />
    </div>
  );
}

/** Nothing to show, and why that is no fault. */
export function Empty(props: { children: ReactNode }) {
  return <p className={classes.empty}>{props.children}</p>;
}

/** Names and values, one a line. */
export function Facts(props: { children: ReactNode }) {
  return <dl className={classes.facts}>{props.children}</dl>;
}

export function Fact(props: { name: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
