// What the mock server answers about reports: figures that add up, of the people that it has.
import { random } from "./people.mjs";

const DAY = 86_400_000;
const APPLICATIONS = ["Visual Studio Code", "Figma", "Google Chrome", "Slack", "Microsoft Excel"];

function figures(active, idle, unobserved) {
  const worked = active + idle;
  return {
    active_seconds: active,
    idle_seconds: idle,
    unobserved_seconds: unobserved,
    worked_seconds: worked,
    score: worked > 0 ? Math.round((1000 * active) / worked) / 10 : null,
  };
}

function sum(list) {
  const all = (name) => list.reduce((total, one) => total + (one[name] ?? 0), 0);
  return figures(all("active_seconds"), all("idle_seconds"), all("unobserved_seconds"));
}

function daysOf(query) {
  const days = [];
  const to = Date.parse(query.get("to"));
  for (let at = Date.parse(query.get("from")); at <= to; at += DAY) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

function keys(mock, by, query) {
  if (by === "person") return mock.people.map((person) => [person.user_id, person.name]);
  if (by === "day") return daysOf(query).map((day) => [day, day]);
  if (by === "hour") return Array.from({ length: 24 }, (_, hour) => [`${hour}`, `${hour}`]);
  if (by === "team" || by === "project") {
    const groups = by === "team" ? mock.world.teams : mock.world.projects;
    return [...(groups ?? []).map((group) => [group.id, group.name]), ["none", ""]];
  }
  return [...APPLICATIONS.map((name) => [name, name]), ["", ""]];
}

export function report(mock, query) {
  const by = query.get("group_by");
  const compare = query.get("compare") === "true";
  const next = random(11);
  const today = new Date().toISOString().slice(0, 10);
  const observed = !["application", "domain", "category"].includes(by);
  const rows = keys(mock, by, query)
    .map(([key, label]) => {
      // One person's day is no longer than a day, and there is none to come.
      const one = by === "day" && query.has("user_id");
      if (one && (key > today || [0, 6].includes(new Date(key).getUTCDay()))) return null;
      const active = Math.round(next() * (one ? 16_000 : 130_000)) + (one ? 11_000 : 3000);
      const now = figures(active, Math.round(active * next() * 0.3), observed ? 900 : null);
      const before = figures(
        Math.round(active * (0.6 + next() * 0.8)),
        4000,
        observed ? 400 : null,
      );
      return { key, label, ...now, ...(compare ? { before } : {}) };
    })
    .filter((row) => row !== null);
  const total = sum(rows);
  const name = query.get("sort") === "label" ? "label" : `${query.get("sort")}_seconds`;
  if (name !== "label") rows.sort((a, b) => (b[name] ?? 0) - (a[name] ?? 0));
  if (query.get("descending") !== "true" && name !== "label") rows.reverse();
  for (const row of rows) {
    row.share = Math.round((1000 * row.worked_seconds) / total.worked_seconds) / 10;
  }
  // In pages, as the server does: 50 rows unless told, never more than 200.
  const from = Number(query.get("cursor") ?? 0);
  const to = from + Math.min(200, Number(query.get("limit") ?? 50));
  const days = daysOf(query);
  const earlier = (date, count) =>
    new Date(Date.parse(date) - count * DAY).toISOString().slice(0, 10);
  return {
    from: query.get("from"),
    to: query.get("to"),
    time_zone: mock.organization.time_zone,
    group_by: by,
    people: mock.people.length,
    rows: rows.slice(from, to),
    row_count: rows.length,
    total,
    ...(compare
      ? {
          compared: {
            from: earlier(query.get("from"), days.length),
            to: earlier(query.get("from"), 1),
            total: sum(rows.map((row) => row.before)),
            difference: total,
          },
        }
      : {}),
    next_cursor: to < rows.length ? String(to) : null,
  };
}

export function heatmap(query) {
  const next = random(12);
  const cells = [];
  for (let weekday = 1; weekday <= 7; weekday += 1) {
    for (let hour = 0; hour < 24; hour += 1) {
      const strength = weekday > 5 ? 0.05 : Math.max(0, 1 - Math.abs(hour - 13) / 6);
      cells.push({ weekday, hour, ...figures(Math.round(strength * next() * 60_000), 0, 0) });
    }
  }
  return { from: query.get("from"), to: query.get("to"), time_zone: "UTC", people: 26, cells };
}

export function attendance(mock, query) {
  const next = random(13);
  const items = daysOf(query).flatMap((date) =>
    mock.people.slice(0, 6).map((person, index) => {
      const first = Date.parse(`${date}T07:00:00Z`) + Math.round(next() * 7_200_000);
      const at = (hours) => new Date(first + hours * 3_600_000).toISOString();
      return {
        date,
        user_id: person.user_id,
        name: person.name,
        first_input_at: index === 5 ? null : at(0),
        last_input_at: index === 5 ? null : at(8.5),
        breaks: index === 4 ? null : [{ from: at(4), to: at(4.75) }],
        ...figures(index === 5 ? 0 : 24_000, 1800, 300),
      };
    }),
  );
  return { time_zone: mock.organization.time_zone, items, next_cursor: null };
}

export function completeness(mock, query) {
  const items = mock.people.map((person, index) => ({
    user_id: person.user_id,
    name: person.name,
    session_seconds: index === 3 ? 0 : 144_000,
    accounted_seconds: index === 3 ? 0 : 144_000 - index * 600,
    percent: index === 3 ? null : Math.floor((1000 * (144_000 - index * 600)) / 144_000) / 10,
    devices:
      index === 5
        ? []
        : [
            {
              device_id: person.user_id,
              name: person.name,
              last_contact_at: null,
              pending: index % 4 === 1 ? 12 : 0,
              dropped: index % 6 === 2 ? { memory_full: 3 } : {},
            },
          ],
  }));
  return { from: query.get("from"), to: query.get("to"), items, next_cursor: null };
}
