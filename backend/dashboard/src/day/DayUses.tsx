/** Where a day's time went: bars with their names and figures on them, the longest first. */
import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Timeline } from "../api/own";
import { duration } from "../format/duration";
import { day as words } from "../text/day";
import { hue } from "../ui/initials";
import { Section } from "../ui/Page";
import classes from "./DayUses.module.css";
import { type Use, usesOf } from "./uses";

const FIRST = 8;

export function DayUses(props: { day: Timeline }) {
  const { day } = props;
  const uses = useMemo(() => usesOf(day), [day]);
  if (uses.applications.length === 0 && uses.sites.length === 0) return null;
  return (
    <Section title={words.uses} lead={words.usesLead(duration(day.totals.active_seconds))}>
      <div className={classes.both}>
        <Bars title={words.applications} uses={uses.applications} />
        <Bars title={words.sites} uses={uses.sites} />
      </div>
      {uses.twice && <p className={classes.note}>{words.usesTwice}</p>}
      {day.spans_left_out > 0 && <p className={classes.note}>{words.usesPartly}</p>}
    </Section>
  );
}

function Bars(props: { title: string; uses: readonly Use[] }) {
  const [all, setAll] = useState(false);
  const longest = props.uses[0]?.seconds ?? 1;
  if (props.uses.length === 0) return null;
  return (
    <div className={classes.part}>
      <h3>{props.title}</h3>
      <ul className={classes.list}>
        {props.uses.slice(0, all ? 200 : FIRST).map((use) => (
          <li key={use.name}>
            <bdi className={classes.name} title={use.name}>
              {use.name}
            </bdi>
            <span className={`${classes.time} wp-numbers`}>{duration(use.seconds)}</span>
            <i
              aria-hidden="true"
              style={{
                width: `${Math.max(0.5, (100 * use.seconds) / longest)}%`,
                backgroundColor: `hsl(${hue(use.name)} 55% var(--wp-app-lightness))`,
              }}
            />
          </li>
        ))}
      </ul>
      {!all && props.uses.length > FIRST && (
        <Button variant="subtle" size="xs" onClick={() => setAll(true)}>
          {words.others(props.uses.length - FIRST)}
        </Button>
      )}
    </div>
  );
}
