// What the mock server answers about webhooks: one that goes well, one that fails, one that is off.
import { HOSTILE, uuid } from "./people.mjs";

const iso = (millis) => new Date(millis).toISOString();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KINDS = [
  "session.started",
  "alert.opened",
  "user.online",
  "alert.resolved",
  "session.stopped",
  "user.offline",
];

/** Messages of half a day, newest first. */
function deliveriesOf(now, failing, text) {
  return Array.from({ length: 60 }, (_, i) => {
    const at = now - (i * 13 + 4) * MINUTE;
    const kind = KINDS[i % KINDS.length];
    const base = {
      id: uuid(8100 + i),
      kind,
      body: JSON.stringify({
        type: kind,
        timestamp: iso(at),
        organization_id: uuid(1),
        data: { user_id: uuid(3), alert_id: uuid(7000 + i) },
      }),
      created_at: iso(at),
      user_id: uuid(3),
      last_attempt_at: iso(at + 900),
    };
    if (failing && i < 4) {
      return {
        ...base,
        state: "waiting",
        attempts: 4 - i,
        duration_ms: i === 1 ? 15_000 : 212,
        ...(i === 1
          ? { error: "timeout" }
          : { status: 503, error: "status", answer: text("upstream is being restarted") }),
        next_attempt_at: iso(now + (2 + i) * HOUR),
      };
    }
    if (i % 17 === 9) {
      return { ...base, state: "failed", attempts: 10, error: "connection", duration_ms: 3 };
    }
    return { ...base, state: "delivered", attempts: 1, status: 204, duration_ms: 74 + i };
  });
}

export function webhooksOf(now, hostile) {
  let turn = 0;
  const text = (plain) => {
    turn += 1;
    return hostile ? HOSTILE[turn % HOSTILE.length] : plain;
  };
  const path = hostile ? `${"%22%3E%3Cimg".repeat(60)}` : "workpulse";
  const webhook = (i, label, kinds, more) => ({
    id: uuid(8000 + i),
    url: `https://hooks.northwind.example/${i === 0 ? "chat" : "rota"}/${path}`,
    label: text(label),
    kinds,
    created_at: iso(now - 40 * DAY),
    created_by: uuid(0),
    off_since: null,
    off_because: null,
    failing_since: null,
    previous_secret_until: null,
    ...more,
  });
  return {
    list: [
      webhook(0, "Chat of the support team", ["alert.opened", "alert.resolved"], {
        previous_secret_until: iso(now + 11 * HOUR),
      }),
      webhook(1, "Rota", KINDS, { failing_since: iso(now - 5 * HOUR) }),
      webhook(2, "Door display", ["user.online", "user.offline"], {
        off_since: iso(now - 3 * DAY),
        off_because: "gone",
      }),
    ],
    deliveries: {
      [uuid(8000)]: deliveriesOf(now, false, text),
      [uuid(8001)]: deliveriesOf(now, true, text),
      [uuid(8002)]: [],
    },
  };
}

/** Routes by method and pattern, as those of `adminRoutes`. */
export function webhookRoutes({ mock, json, problem }) {
  const it = () => mock.webhooks;
  const find = (id) => it().list.find((one) => one.id === id);
  const refused = (res, field, message) =>
    problem(res, 422, "validation", "Some fields are not valid", "Nothing was changed.", {
      fields: [{ field, message }],
    });
  const wrong = (body) =>
    body.url !== undefined && !body.url.startsWith("https://") ? "must begin with https://" : null;
  const offNow = (res) =>
    problem(
      res,
      409,
      "conflict",
      "Something stands against it",
      "The webhook is off, so nothing was queued. Turn it on first.",
    );
  const routes = [
    [
      "GET /webhooks",
      (res) =>
        mock.webhooksFail
          ? problem(res, 503, "unavailable", "Not available just now", "Nothing was lost.")
          : json(res, 200, { items: it().list, next_cursor: null }),
    ],
    [
      "POST /webhooks",
      (res, _ids, body) => {
        if (wrong(body)) return refused(res, "url", wrong(body));
        const made = {
          ...it().list[0],
          ...body,
          id: uuid(8050),
          previous_secret_until: null,
          created_at: iso(Date.now()),
        };
        it().list.push(made);
        it().deliveries[made.id] = [];
        return json(res, 201, { webhook: made, secret: "whsec_ZGVtby1zZWNyZXQtb2YtYS1tb2Nr" });
      },
    ],
    [
      "GET /webhooks/:id",
      (res, { id }) =>
        find(id) ? json(res, 200, find(id)) : problem(res, 404, "not-found", "Not found"),
    ],
    [
      "PATCH /webhooks/:id",
      (res, { id }, body) => {
        if (mock.refuseWebhooks) {
          return problem(res, 503, "unavailable", "Not available just now", "Nothing was changed.");
        }
        if (wrong(body)) return refused(res, "url", wrong(body));
        const { on, ...rest } = body;
        const webhook = Object.assign(find(id), rest);
        if (on !== undefined) {
          webhook.off_since = on ? null : iso(Date.now());
          webhook.off_because = on ? null : "admin";
          webhook.failing_since = null;
        }
        return json(res, 200, webhook);
      },
    ],
    [
      "DELETE /webhooks/:id",
      (res, { id }) => {
        it().list = it().list.filter((one) => one.id !== id);
        json(res, 204);
      },
    ],
    [
      "POST /webhooks/:id/secret",
      (res, { id }) => {
        const until = iso(Date.now() + DAY);
        find(id).previous_secret_until = until;
        json(res, 201, {
          secret: "whsec_YW5vdGhlci1kZW1vLXNlY3JldA",
          previous_secret_until: until,
        });
      },
    ],
    [
      "POST /webhooks/:id/test",
      (res, { id }) => {
        if (find(id).off_since) return offNow(res);
        const now = iso(Date.now());
        const test = {
          id: uuid(8200 + it().deliveries[id].length),
          kind: "webhook.test",
          body: JSON.stringify({ type: "webhook.test", timestamp: now, data: {} }),
          state: "waiting",
          created_at: now,
          attempts: 0,
          next_attempt_at: now,
        };
        it().deliveries[id].unshift(test);
        return json(res, 202, test);
      },
    ],
    [
      "POST /webhooks/:id/deliveries/:delivery/again",
      (res, { id, delivery }) => {
        if (find(id).off_since || mock.refuseAgain) return offNow(res);
        const message = it().deliveries[id].find((one) => one.id === delivery);
        Object.assign(message, { state: "waiting", attempts: 0, next_attempt_at: iso(Date.now()) });
        return json(res, 202, message);
      },
    ],
    [
      "GET /webhooks/:id/deliveries",
      (res, { id }, _body, query) => {
        const all = it().deliveries[id] ?? [];
        const begin = Number(query.get("cursor") ?? 0);
        const end = begin + Number(query.get("limit") ?? 50);
        const items = structuredClone(all.slice(begin, end));
        // What was due is taken when it is looked for the next time.
        for (const one of all) {
          if (one.state === "waiting" && Date.parse(one.next_attempt_at) <= Date.now()) {
            Object.assign(one, {
              state: "delivered",
              attempts: one.attempts + 1,
              status: 200,
              error: null,
              duration_ms: 96,
              answer: "ok",
              last_attempt_at: iso(Date.now()),
              next_attempt_at: null,
            });
          }
        }
        json(res, 200, { items, next_cursor: end < all.length ? String(end) : null });
      },
    ],
  ];
  return routes.map(([key, answer]) => {
    const [method, path] = key.split(" ");
    const pattern = new RegExp(`^/api/v1${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
    return { method, pattern, answer };
  });
}
