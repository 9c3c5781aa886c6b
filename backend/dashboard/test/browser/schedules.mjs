// What the mock server answers about reports that are made again and again.
import { HOSTILE, uuid } from "./people.mjs";

const iso = (millis) => new Date(millis).toISOString();
const HOUR = 3_600_000;

export function schedulesOf(now, hostile) {
  const terms = (name, change) => ({
    name: hostile ? HOSTILE[4] : name,
    every: "week",
    weekday: "monday",
    at: "07:00",
    group_by: "person",
    format: "pdf",
    compare: true,
    by_mail: true,
    enabled: true,
    ...change,
  });
  return [
    {
      id: uuid(9500),
      terms: terms("The week before, for Monday’s round", {}),
      next_at: iso(now + 40 * HOUR),
      last_at: iso(now - 128 * HOUR),
      last_state: "done",
    },
    {
      id: uuid(9501),
      terms: terms("Projects of the month", {
        every: "month",
        weekday: undefined,
        group_by: "project",
        format: "xlsx",
        by_mail: false,
        enabled: false,
      }),
      next_at: null,
      last_at: null,
      last_state: null,
    },
  ];
}

/** Routes by method and pattern, as those of `adminRoutes`. */
export function scheduleRoutes({ mock, json }) {
  const one = /^\/api\/v1\/report-schedules\/(?<id>[^/]+)$/;
  const all = /^\/api\/v1\/report-schedules$/;
  const next = (terms) => (terms.enabled ? iso(Date.now() + 20 * HOUR) : null);
  return [
    {
      method: "GET",
      pattern: all,
      answer: (res) => json(res, 200, { items: mock.schedules, can_mail: true }),
    },
    {
      method: "POST",
      pattern: all,
      answer: (res, _ids, terms) => {
        const made = { id: uuid(9600 + mock.schedules.length), terms, next_at: next(terms) };
        mock.schedules.push(made);
        return json(res, 201, made);
      },
    },
    {
      method: "PUT",
      pattern: one,
      answer: (res, { id }, terms) => {
        const found = mock.schedules.find((it) => it.id === id);
        return json(res, 200, Object.assign(found, { terms, next_at: next(terms) }));
      },
    },
    {
      method: "DELETE",
      pattern: one,
      answer: (res, { id }) => {
        mock.schedules = mock.schedules.filter((it) => it.id !== id);
        return json(res, 204);
      },
    },
  ];
}
