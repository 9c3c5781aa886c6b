/** Says, on every page, when nothing new can come, and how old what is seen may be. */
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useRouterState } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import { clock } from "../format/instant";
import { useFeedView } from "../live/LiveProvider";
import { useNow } from "../live/now";
import { shell as words } from "../text/shell";
import classes from "./OfflineNote.module.css";

/** A drop that mends itself within this time is nobody's concern. */
const GRACE_MILLIS = 10_000;

let offlineSince: number | null = navigator.onLine ? null : Date.now();

function subscribe(listener: () => void): () => void {
  const changed = () => {
    offlineSince = navigator.onLine ? null : (offlineSince ?? Date.now());
    listener();
  };
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

export function OfflineNote() {
  const offline = useSyncExternalStore(subscribe, () => offlineSince);
  const { lostAt } = useFeedView();
  // The live page says it itself, more exactly.
  const onLive = useRouterState({ select: (state) => state.location.pathname === "/live" });
  return (
    // The region stays, so that screen readers hear when it fills.
    <div role="status">
      {offline !== null && !onLive && <Note title={words.offline} since={offline} grace={0} />}
      {offline === null && lostAt !== null && !onLive && (
        <Note title={words.away} since={lostAt} grace={GRACE_MILLIS} />
      )}
    </div>
  );
}

function Note(props: { title: string; since: number; grace: number }) {
  const now = useNow();
  if (now - props.since < props.grace) return null;
  return (
    <div className={classes.note}>
      <IconPlugConnectedX size={20} stroke={1.7} aria-hidden="true" />
      <p>
        <strong>{props.title}</strong> {words.offlineSince(clock(props.since, now))}
      </p>
    </div>
  );
}
