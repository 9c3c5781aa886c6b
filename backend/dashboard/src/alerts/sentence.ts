/** An alert in words. Pure; the time now comes in. */
import type { Alert } from "../api/alerts";
import { duration } from "../format/duration";
import { clock, dayIn, dayInWords, millis } from "../format/instant";
import { alerts as words } from "../text/alerts";

/** When it began: the last input, or when it was noticed. */
function began(alert: Alert): number {
  const opened = millis(alert.opened_at) ?? 0;
  if (alert.kind !== "idle") return opened;
  return millis(alert.since) ?? opened - alert.seconds * 1000;
}

/** What happened, and since when: to its end, or to now while it goes on. */
export function sentence(alert: Alert, now: number, zone: string): string {
  if (alert.kind === "overtime") {
    return words.overtime(duration(alert.seconds), dayInWords(dayOf(alert, zone)));
  }
  const from = began(alert);
  const ended = millis(alert.ended_at);
  const seconds = Math.max(0, ((ended ?? now) - from) / 1000);
  return ended === null
    ? words.idleSince(duration(seconds), clock(from, now))
    : words.idleWas(duration(seconds), clock(from, now), clock(ended, now));
}

/** The organization's day on which it happened, `YYYY-MM-DD`. */
export function dayOf(alert: Alert, zone: string): string {
  const at = began(alert);
  return alert.day ?? dayIn(zone, at) ?? new Date(at).toISOString().slice(0, 10);
}

/**
 * Whether the agent is in contact: of an open alert now, where that is known; else when it was
 * noticed.
 */
export function agentIn(alert: Alert, online: boolean | undefined): keyof typeof words.agent {
  if (alert.state === "open" && online !== undefined) return online ? "online" : "silent";
  if (alert.agent_online === true) return "onlineThen";
  return alert.agent_online === false ? "silentThen" : "none";
}
