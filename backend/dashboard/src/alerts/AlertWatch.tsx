/**
 * Keeps what is known about alerts true while the page stands, and tells of new ones. The feed says
 * that something changed; what it is, is asked: so nothing is missed over a drop, and nothing is
 * told twice.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Alert } from "../api/alerts";
import type { Me } from "../api/types";
import { useFeed } from "../live/LiveProvider";
import { alerts as words } from "../text/alerts";
import { named } from "../ui/Named";
import { ALERTS, arrivals, openAlerts, type Seen } from "./openAlerts";
import { sentence } from "./sentence";
import { notify, playSound, signals } from "./signals";
import { type Toast, Toasts } from "./Toasts";

/** Alerts come in batches: they are asked for once. */
const GATHER_MILLIS = 250;
/** More at once are told as a number. */
const MOST_TOLD = 3;

export function AlertWatch(props: { me: Me }) {
  const { me } = props;
  const feed = useFeed();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const open = useQuery(openAlerts).data;
  const seen = useRef<Seen | null>(null);
  const [toasts, setToasts] = useState<readonly Toast[]>([]);

  useEffect(() => {
    let waiting: number | null = null;
    const stop = feed.subscribeAlerts(() => {
      waiting ??= window.setTimeout(() => {
        waiting = null;
        void queries.invalidateQueries({ queryKey: ALERTS });
      }, GATHER_MILLIS);
    });
    return () => {
      stop();
      if (waiting !== null) window.clearTimeout(waiting);
    };
  }, [feed, queries]);

  useEffect(() => {
    if (open === undefined) return;
    const found = arrivals(seen.current, open.items, me.user_id);
    seen.current = found.seen;
    const news = toastsOf(found.news, me.organization.time_zone);
    if (news.length === 0) return;
    setToasts((before) => [...before, ...news].slice(-MOST_TOLD));
    const wished = signals();
    if (wished.sound) playSound();
    if (wished.notify && document.visibilityState === "hidden") {
      for (const { id, title, body } of news) {
        notify(title, body, id, () => void navigate({ to: "/alerts" }));
      }
    }
  }, [open, me, navigate]);

  const gone = useCallback(
    (id: string) => setToasts((before) => before.filter((toast) => toast.id !== id)),
    [],
  );
  // Resolved in the meantime, by somebody or by itself: nothing to tell any more.
  const stillOpen = new Set(open?.items.map((alert) => alert.id));
  return (
    <Toasts
      toasts={toasts.filter((toast) => toast.alert === null || stillOpen.has(toast.alert))}
      onGone={gone}
    />
  );
}

function toastsOf(news: readonly Alert[], zone: string): Toast[] {
  if (news.length > MOST_TOLD) {
    const id = `many ${news[0]?.id}`;
    return [{ id, alert: null, title: words.toast.many(news.length), body: "" }];
  }
  return news.map((alert) => ({
    id: alert.id,
    alert: alert.id,
    title: named(alert.user_name),
    body: sentence(alert, Date.now(), zone),
  }));
}
