// What the mock server answers about alerts: some open, some resolved, of the people that it has.
import { HOSTILE, uuid } from "./people.mjs";

const iso = (millis) => new Date(millis).toISOString();
const MINUTE = 60_000;

export function alertsOf(mock, now, hostile) {
  const day = (at) =>
    new Intl.DateTimeFormat("en-CA", { timeZone: mock.organization.time_zone }).format(at);
  const about = (i, index, minutes, more) => {
    const person = mock.people[index % mock.people.length];
    const opened = now - minutes * MINUTE;
    const idle = more.kind !== "overtime";
    return {
      id: uuid(6000 + i),
      user_id: person?.user_id ?? uuid(1),
      user_name: person?.name ?? "",
      kind: "idle",
      state: "open",
      message: "In English.",
      opened_at: iso(opened),
      seconds: idle ? 300 : 33_120,
      ...(idle ? { since: iso(opened - 5 * MINUTE), agent_online: i % 3 !== 1 } : {}),
      ...(idle ? {} : { day: day(opened) }),
      quiet: false,
      ended_at: null,
      resolved_at: null,
      resolution: null,
      resolved_by: null,
      resolved_by_name: null,
      note: null,
      ...more,
    };
  };
  const resolved = (minutes, resolution, more = {}) => ({
    state: "resolved",
    resolution,
    resolved_at: iso(now - minutes * MINUTE),
    ended_at: resolution === "by_hand" ? null : iso(now - minutes * MINUTE),
    ...more,
  });
  const note = hostile ? HOSTILE[5] : "At the dentist until noon, as told on Monday.";
  const by = hostile ? HOSTILE[0] : "Priya Nair";
  return [
    about(0, 3, 4, {}),
    about(1, 7, 19, {}),
    about(2, 5, 32, { kind: "overtime" }),
    about(3, 0, 55, resolved(41, "returned")),
    about(
      4,
      9,
      130,
      resolved(120, "by_hand", { resolved_by: uuid(2), resolved_by_name: by, note }),
    ),
    about(5, 0, 1500, { kind: "overtime", ...resolved(1400, "day_over") }),
    about(6, 11, 2900, { quiet: true, ...resolved(2880, "stopped") }),
  ];
}

/** Routes by method and pattern, as those of `adminRoutes`. */
export function alertRoutes({ mock, json, problem, tell, me }) {
  const seen = () =>
    mock.role === "employee"
      ? mock.alerts.filter((alert) => alert.user_id === me().user_id)
      : mock.alerts;
  const resolve = (ids, note) => {
    let count = 0;
    for (const alert of mock.alerts) {
      if (!ids.includes(alert.id) || alert.state !== "open") continue;
      count += 1;
      Object.assign(alert, {
        state: "resolved",
        resolution: "by_hand",
        resolved_at: iso(Date.now()),
        resolved_by: me().user_id,
        resolved_by_name: me().name,
        note: note ?? null,
      });
      tell("ALERT_RESOLVED", { alert_id: alert.id, user_id: alert.user_id });
    }
    return count;
  };
  const refused = (res) =>
    problem(
      res,
      409,
      "conflict",
      "Somebody else was faster",
      "This alert was resolved before, by itself or by somebody else. Nothing was changed, and your note was not kept.",
    );
  const list = (res, query) => {
    // Until the server stops, which closes the connection.
    if (mock.alertsHang) return undefined;
    if (mock.alertsFail) {
      return problem(res, 503, "unavailable", "Not available just now", "Nothing was lost.");
    }
    const wanted = (name, value) => !query.has(name) || query.get(name) === value;
    const fits = seen().filter(
      (alert) =>
        wanted("state", alert.state) &&
        wanted("kind", alert.kind) &&
        wanted("user_id", alert.user_id) &&
        alert.opened_at >= (query.get("from") ?? "") &&
        alert.opened_at < (query.get("to") ?? "9"),
    );
    const begin = Number(query.get("cursor") ?? 0);
    const end = begin + Math.min(Number(query.get("limit") ?? 50), mock.alertPage ?? 200);
    return json(res, 200, {
      items: fits.slice(begin, end),
      next_cursor: end < fits.length ? String(end) : null,
    });
  };
  const routes = [
    ["GET", /^\/api\/v1\/alerts$/, (res, _ids, _body, query) => list(res, query)],
    [
      "POST",
      /^\/api\/v1\/alerts\/resolve$/,
      (res, _ids, body) => {
        if (mock.refuseAlerts) return refused(res);
        const resolved = resolve(body.ids, body.note);
        const items = mock.alerts.filter((alert) => body.ids.includes(alert.id));
        return json(res, 200, { resolved, items });
      },
    ],
    [
      "POST",
      /^\/api\/v1\/alerts\/(?<id>[^/]+)\/resolve$/,
      (res, { id }, body) => {
        if (mock.refuseAlerts || resolve([id], body.note) === 0) return refused(res);
        return json(
          res,
          200,
          mock.alerts.find((alert) => alert.id === id),
        );
      },
    ],
  ];
  return routes.map(([method, pattern, answer]) => ({ method, pattern, answer }));
}
