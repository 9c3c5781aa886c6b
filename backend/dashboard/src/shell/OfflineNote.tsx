/** Says, on every page, when nothing new can come, and how old what is seen may be. */
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import { age } from "../format/duration";
import { clock } from "../format/instant";
import { useFeedView } from "../live/LiveProvider";
import { useNow } from "../live/now";
import { shell as words } from "../text/shell";
import { FloatingState } from "../ui/Floating";
import { isFramed } from "../ui/framed";
import { useOfflineSince } from "../ui/offline";

/** A drop that mends itself within this time is nobody's concern. */
const GRACE_MILLIS = 10_000;

export function OfflineNote() {
  const offline = useOfflineSince();
  const { lostAt } = useFeedView();
  // The live page says it itself, more exactly.
  const onLive = useRouterState({ select: (state) => state.location.pathname === "/live" });
  return (
    <>
      {offline !== null && !onLive && <Note title={words.offline} since={offline} grace={0} />}
      {offline === null && lostAt !== null && !onLive && (
        <Note title={words.away} since={lostAt} grace={GRACE_MILLIS} />
      )}
    </>
  );
}

/** When the oldest of what the page shows came; null where it shows nothing that was asked for. */
function useOldest(): number | null {
  const cache = useQueryClient().getQueryCache();
  const oldest = () => {
    const times = cache
      .findAll({ type: "active" })
      .filter((query) => query.state.dataUpdatedAt > 0 && !isFramed(query))
      .map(({ state }) => state.dataUpdatedAt);
    return times.length === 0 ? null : Math.min(...times);
  };
  return useSyncExternalStore((listener) => cache.subscribe(listener), oldest);
}

function Note(props: { title: string; since: number; grace: number }) {
  const now = useNow();
  const oldest = useOldest();
  if (now - props.since < props.grace) return null;
  const seen = Math.min(oldest ?? props.since, props.since);
  const minutes = Math.floor((now - seen) / 60_000);
  return (
    <FloatingState>
      <IconPlugConnectedX size={20} stroke={1.7} aria-hidden="true" />
      <p>
        <strong>{props.title}</strong> {words.offlineSince(clock(seen, now))}
        {/* Shown only: a region that changed by the minute would be read aloud by the minute. */}
        {minutes > 0 && <span aria-hidden="true"> {words.offlineAge(age(minutes * 60))}</span>}{" "}
        {words.offlineKept}
      </p>
    </FloatingState>
  );
}
