// A person's day, minute by minute, the same whenever it is asked for.
import { DAY, HOUR, iso } from "./instants.mjs";
import { random, uuid } from "./people.mjs";

/** One that ended by itself, in the morning. */
function alertsOfDay(userId, begin, until) {
  const since = begin + 1.4 * HOUR;
  if (since + 0.4 * HOUR > until) return [];
  return [
    {
      id: uuid(6900),
      user_id: userId,
      user_name: "",
      kind: "idle",
      state: "resolved",
      message: "In English.",
      opened_at: iso(since + HOUR / 12),
      seconds: 300,
      since: iso(since),
      agent_online: true,
      quiet: false,
      ended_at: iso(since + 0.4 * HOUR),
      resolved_at: iso(since + 0.4 * HOUR),
      resolution: "returned",
      resolved_by: null,
      resolved_by_name: null,
      note: null,
    },
  ];
}

/** A day of work: morning, a lunch, an afternoon, a screen lock. */
export function timeline(userId, date, zone, now, text, notes) {
  const from = Date.parse(`${date}T00:00:00Z`) - HOUR;
  const begin = from + 8.1 * HOUR;
  const until = Math.max(begin + HOUR, Math.min(now, from + 17 * HOUR));
  const next = random(11);
  const spans = [];
  const totals = { active_seconds: 0, idle_seconds: 0, unobserved_seconds: 0 };
  const applications = ["Figma", "Firefox", "Slack", "Visual Studio Code", "Zoom"];
  for (let at = begin; at < until; ) {
    const hour = (at - from) / HOUR;
    const lunch = hour > 12 && hour < 12.8;
    const dice = next();
    const kind = lunch ? "unobserved" : dice < 0.8 ? "active" : "idle";
    const length = lunch ? 0.7 * HOUR : Math.ceil(3 + next() * 25) * 60_000;
    const to = Math.min(until, at + length);
    spans.push({
      session_id: uuid(500000),
      device_id: uuid(900),
      activity_type: kind,
      ...(kind === "unobserved" ? { reason: "locked" } : {}),
      from: iso(at),
      to: iso(to),
      ...(kind === "active"
        ? { application: text(applications[Math.floor(next() * applications.length)]) }
        : {}),
      ...(kind === "active" && next() < 0.4 ? { title: text("Quarterly report – draft") } : {}),
    });
    const span = spans.at(-1);
    if (span.application === "Firefox") span.url = "https://docs.northwind.example/guide";
    totals[`${kind}_seconds`] += (to - at) / 1000;
    at = to;
  }
  return {
    user_id: userId,
    date,
    time_zone: zone,
    from: iso(from),
    to: iso(from + DAY),
    sessions: [
      {
        id: uuid(500000),
        user_id: userId,
        device_id: uuid(900),
        started_at: iso(begin),
        ended_at: null,
        last_activity_at: iso(until),
        status: "active",
        version: 9,
        total_active_seconds: totals.active_seconds,
        total_idle_seconds: totals.idle_seconds,
        total_unobserved_seconds: totals.unobserved_seconds,
      },
    ],
    spans,
    spans_left_out: 0,
    alerts: alertsOfDay(userId, begin, until),
    notes: notes.filter((note) => note.from >= iso(from) && note.from < iso(from + DAY)),
    gaps: [
      { from: iso(from), to: iso(begin), reason: "no_session" },
      ...(until < from + DAY
        ? [{ from: iso(until), to: iso(Math.min(now, from + DAY)), reason: "not_reported" }]
        : []
      ).filter((gap) => gap.from < gap.to),
    ],
    totals,
  };
}
