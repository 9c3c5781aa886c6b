/** Who is working now: the page that a manager opens first. */

import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { openAlerts, openByPerson } from "../../alerts/openAlerts";
import type { Me } from "../../api/types";
import { dayInWords } from "../../format/instant";
import type { FeedView } from "../../live/feed";
import { linesOf } from "../../live/groups";
import { useFeed, useFeedView } from "../../live/LiveProvider";
import type { LiveState } from "../../live/state";
import { text } from "../../text/en";
import { FloatingProblem } from "../../ui/Floating";
import { ProblemNote } from "../../ui/ProblemNote";
import { Cards } from "./Cards";
import { ConnectionNote } from "./ConnectionNote";
import { FirstDevice } from "./FirstDevice";
import classes from "./Live.module.css";
import { LiveSkeleton } from "./LiveSkeleton";
import { People } from "./People";
import { Toolbar } from "./Toolbar";
import { useNames } from "./useNames";
import { useRows, type View } from "./useRows";

const words = text.live;

interface Props {
  me: Me;
  view: View;
  onView: (change: Partial<View>) => void;
}

export function Live(props: Props) {
  const feed = useFeed();
  const feedView = useFeedView();
  const { live } = feedView;
  return (
    <>
      <title>{text.pageTitle(words.title)}</title>
      <Head me={props.me} live={live} connected={feedView.connected} />
      {feedView.phase === "failed" && (
        <div className={classes.failed}>
          <ProblemNote heading={words.failed} error={feedView.error} onRetry={() => feed.retry()} />
        </div>
      )}
      {feedView.phase === "loading" && <LiveSkeleton />}
      {live && (
        <>
          <ConnectionNote lostAt={feedView.lostAt} onConnect={() => feed.retry()} />
          <Body {...props} live={live} feedView={feedView} />
        </>
      )}
    </>
  );
}

function Head(props: { me: Me; live: LiveState | null; connected: boolean }) {
  const { organization } = props.me;
  const zone = props.live?.timeZone ?? organization.time_zone;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <header className={classes.head}>
      <div className={classes.heading}>
        <h1>{words.title}</h1>
        {props.connected && (
          <span className={classes.pulse} title={words.connection.liveHint}>
            <i aria-hidden="true" />
            {words.connection.inContact}
          </span>
        )}
      </div>
      <p className={classes.where}>
        <bdi className={classes.organization}>{organization.name}</bdi>
        {props.live && <span>{dayInWords(props.live.day)}</span>}
        <span>{zone === own ? zone : words.dayOtherZone(zone)}</span>
      </p>
    </header>
  );
}

function Body(props: Props & { live: LiveState; feedView: FeedView }) {
  const { me, view, onView } = props;
  const [hold, setHold] = useState(false);
  // An employee's list is themselves: nothing to filter, search or sort.
  const alone = me.role === "employee";
  const open = useQuery({ ...openAlerts, enabled: !alone }).data;
  const alerts = useMemo(() => openByPerson(alone ? undefined : open), [alone, open]);
  const names = useNames(alone ? "none" : view.group);
  const { all, rows, groups, counts, axis, clock } = useRows(
    props.live,
    alone ? { ...view, group: "none" } : view,
    names,
    hold,
    alerts,
  );
  const headed = !alone && view.group !== "none";
  const lines = useMemo(() => linesOf(groups, 1, headed), [groups, headed]);
  const shown = {
    axis,
    clock,
    self: alone,
    alerts,
    clockOffset: props.feedView.clockOffset,
    onHold: setHold,
  };
  const nobodyReported = all.every((person) => !person.last_contact_at && !person.session);
  return (
    <section aria-label={words.title}>
      {alone ? (
        <p className={classes.own}>{words.ownDay}</p>
      ) : (
        !nobodyReported && (
          <Toolbar
            view={view}
            counts={counts}
            total={all.length}
            shown={rows.length}
            onChange={onView}
          />
        )
      )}
      {nobodyReported && <FirstDevice nobody={all.length === 0} me={me} />}
      {headed && (
        <FloatingProblem heading={words.groupsFailed} error={names.error} onRetry={names.retry} />
      )}
      {headed && names.loading && <LiveSkeleton />}
      {rows.length > 0 &&
        !(headed && names.loading) &&
        (view.look === "cards" ? (
          <Cards groups={groups} headed={headed} {...shown} />
        ) : (
          <People lines={lines} {...shown} />
        ))}
      {all.length > 0 && rows.length === 0 && (
        <div className={classes.nobody}>
          <h2>{words.nobodyMatches}</h2>
          <p>{words.nobodyMatchesHint}</p>
          <Button variant="default" onClick={() => onView({ search: "", statuses: [] })}>
            {words.showEveryone}
          </Button>
        </div>
      )}
    </section>
  );
}
