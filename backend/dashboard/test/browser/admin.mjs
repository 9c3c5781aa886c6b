// What the mock server answers about people, groups, devices, settings and oneself: believable,
// or hostile in every text field. Changes are kept, so that a page can be used.

import { HOSTILE, random, uuid } from "./people.mjs";
import { attendance, completeness, heatmap, report } from "./reports.mjs";

const iso = (millis) => new Date(millis).toISOString();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const POLICY = {
  version: 4,
  applications: true,
  titles: false,
  urls: false,
  excluded_applications: ["KeePassXC", "Signal"],
  excluded_patterns: [{ field: "title", pattern: "*private*" }],
  window_rules: [{ field: "title", pattern: "*salary*", action: "hide_title", category_id: null }],
  url_rules: [
    { domain: "bank.example", action: "drop" },
    { domain: "mail.example", action: "hide_title" },
  ],
  working_hours: ["monday", "tuesday", "wednesday", "thursday", "friday"].map((day) => ({
    day,
    from: "07:00",
    to: "19:00",
  })),
  pause: { allowed: true, longest_seconds: 3600 },
  idle_after_seconds: 120,
  session_gap_seconds: 1800,
  auto_start: true,
  record_while_pending: true,
  ask_on_return: true,
  needs: ["excluded_patterns", "url_rules", "working_hours"],
};

/** The state behind the pages of people and settings. */
export function world(mock, now, hostile) {
  const next = random(7);
  let turn = 0;
  const text = (plain) => {
    turn += 1;
    return hostile ? HOSTILE[turn % HOSTILE.length] : plain;
  };
  const address = (name, i) =>
    hostile
      ? `"<img/src=x/onerror=alert(${i})>"@evil.example`
      : `${name
          .normalize("NFD")
          .replace(/[^A-Za-z ]/g, "")
          .toLowerCase()
          .split(" ")
          .join(".")}@northwind.example`;
  const users = mock.people.map((person, i) => ({
    id: person.user_id,
    name: person.name,
    email: i === 0 ? "robin@northwind.example" : address(person.name, i),
    role: i === 0 ? mock.role : i % 9 === 2 ? "manager" : "employee",
    status: i % 11 === 7 ? "suspended" : i % 13 === 9 ? "inactive" : "active",
    last_seen_at: i % 8 === 5 ? null : person.last_contact_at,
    created_at: iso(now - (30 + i * 11) * DAY),
  }));
  const invitation = (i, state, mail) => ({
    id: uuid(700 + i),
    email: address(["Nora Winther", "Ben Achterberg", "Ines Duarte", "Otto Lang"][i], i),
    created_by: users[0]?.id ?? null,
    created_at: iso(now - i * DAY),
    expires_at: iso(now + (7 - i * 4) * DAY),
    state,
    mail,
    user_id: null,
  });
  const group = (i, name, more) => ({
    id: uuid(800 + i),
    name: text(name),
    is_manager: i % 2 === 0,
    created_at: iso(now - (90 + i) * DAY),
    ...more,
  });
  const devices = users.slice(0, 14).map((user, i) => ({
    id: uuid(900 + i),
    user_id: user.id,
    name: text(`NW-LAPTOP-${String(14 + i * 3).padStart(3, "0")}`),
    os: text(["Windows 11 24H2", "Ubuntu 24.04", "macOS 15.5"][i % 3]),
    agent_version: "0.1.0",
    capabilities: { application: true, title: i % 3 !== 1, idle: true },
    probe: ["native", "wayland", "native"][i % 3],
    status: i === 3 || i === 8 ? "pending" : i === 11 ? "revoked" : "approved",
    enrolment_token_id: null,
    created_at: iso(now - 40 * DAY),
    approved_at: null,
    last_contact_at: i === 6 ? iso(now - 12 * DAY) : iso(now - next() * 90_000),
    revoked_at: i === 11 ? iso(now - 2 * DAY) : null,
    account:
      i === 3 ? null : { produced: 2000, stored: 1990, pending: i === 6 ? 412 : 0, dropped: {} },
  }));
  const token = (i, label, more) => ({
    id: uuid(950 + i),
    user_id: null,
    mail_domain: null,
    label: text(label),
    needs_approval: true,
    created_by: users[0]?.id ?? null,
    max_uses: 20,
    uses: 3 + i,
    created_at: iso(now - 2 * DAY),
    expires_at: iso(now + 5 * DAY),
    revoked_at: null,
    ...more,
  });
  const looks = ["presence", "timeline", "live", "sessions", "project_totals", "export"].map(
    (looked_at, i) => ({
      at: iso(now - i * 5 * HOUR),
      looked_at,
      viewer_id: i === 4 ? null : uuid(2 + i),
      viewer_name: i === 4 ? null : i === 5 ? null : text(["Kwame Mensah", "Priya Nair"][i % 2]),
      viewer_role: i === 4 ? null : i % 2 === 0 ? "manager" : "admin",
      people: looked_at === "timeline" || looked_at === "export" ? 1 : 12,
      ...(looked_at === "timeline" ? { date: iso(now).slice(0, 10) } : {}),
    }),
  );
  const audit = [
    ["user.role_changed", { role: "manager" }],
    ["look.presence", {}],
    ["device.approved", { device_id: uuid(1003) }],
    ["policy.changed", { version: 4 }],
    ["team.member_added", { team_id: uuid(700), is_manager: false }],
    ["invitation.created", { invitation_id: uuid(780), by_mail: true }],
    ["look.timeline", { date: iso(now).slice(0, 10), role: "manager", people: 1 }],
  ].map(([action, detail], i) => ({
    seq: 431 - i,
    at: iso(now - i * 47 * 60_000),
    actor_id: i === 3 ? null : uuid(1),
    actor_name: i === 3 ? null : text("Robin Castellanos"),
    action,
    subject_id: i % 2 === 0 ? uuid(3) : null,
    subject_name: i % 2 === 0 ? text("Aisha Rahman") : null,
    people: i === 1 ? 26 : i % 2 === 0 ? 1 : 0,
    detail: hostile ? { name: HOSTILE[i] } : detail,
  }));
  const member = (user, i) => ({
    user_id: user.id,
    name: user.name,
    is_manager: i === 0,
    added_at: iso(now - (60 - i) * DAY),
    gives_sight: i !== 2,
  });
  return {
    users,
    invitations: [
      invitation(0, "open", "sent"),
      invitation(1, "open", null),
      invitation(2, "accepted", "sent"),
      invitation(3, "expired", "failed"),
    ],
    teams: ["Design", "Development", "Support"].map((name, i) =>
      group(i, name, { member_count: 5 + i * 4 }),
    ),
    projects: ["Website relaunch", "Fjord annual report", "Internal", "Harbour app"].map(
      (name, i) =>
        group(10 + i, name, {
          open_to_all: i % 2 === 0,
          archived_at: i === 3 ? iso(now - 9 * DAY) : null,
        }),
    ),
    members: users.slice(0, 7).map(member),
    devices,
    tokens: [
      token(0, "New laptops in spring", {}),
      token(1, "Contractors", { mail_domain: "studio.example" }),
      token(2, "Old roll-out", { max_uses: 5, uses: 5 }),
      token(3, "By mistake", { revoked_at: iso(now - DAY) }),
    ],
    looks,
    audit,
    policy: {
      ...POLICY,
      excluded_applications: hostile ? HOSTILE.slice(0, 3) : POLICY.excluded_applications,
    },
    logins: [
      ["Firefox on Linux", true],
      ["Chromium on Windows", false],
      ["Safari on iPhone", false],
    ].map(([client, current], i) => ({
      id: uuid(600 + i),
      client: text(client),
      created_at: iso(now - (i * 6 + 1) * DAY),
      last_used_at: iso(now - i * 3 * HOUR - 120_000),
      current,
    })),
    text,
  };
}

/** A day of work: morning, a lunch, an afternoon, a screen lock. */
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

/** Routes by method and pattern; each is given what stands in for the ids. */
export function adminRoutes({ mock, json, problem }) {
  const it = mock.world;
  const me = () => mock.people[0].user_id;
  const page = (items) => (res) => json(res, 200, { items, next_cursor: null });
  const one = (list, id) => list().find((item) => item.id === id);
  const found = (res, item) =>
    item ? json(res, 200, item) : problem(res, 404, "not-found", "Not found");
  const spent = (res) =>
    problem(
      res,
      409,
      "token-spent",
      "This link can no longer be used",
      "It has expired, was used, or was taken back. Nothing was changed.",
    );
  return [
    ["GET /users", (res) => page(it.users)(res)],
    [
      "GET /users/:id",
      (res, { id }) =>
        found(
          res,
          one(() => it.users, id),
        ),
    ],
    [
      "PATCH /users/:id",
      (res, { id }, body) => {
        if (body.name === "refused") return problem(res, 409, "conflict", "Somebody was faster");
        const user = one(() => it.users, id);
        Object.assign(user, body);
        return json(res, 200, user);
      },
    ],
    ["POST /users/:id/sign-out", (res) => json(res, 204)],
    [
      "POST /users/:id/reset-link",
      (res) =>
        json(res, 201, {
          link: "/reset#token=wpr_demo-token-9f2c",
          expires_at: iso(Date.now() + DAY),
        }),
    ],
    [
      "POST /users/:id/erase",
      (res, { id }) =>
        json(res, 202, { user_id: id, requested_at: iso(Date.now()), finished_at: null }),
    ],
    [
      "GET /users/:id/timeline",
      (res, { id }, _body, query) =>
        json(
          res,
          200,
          timeline(
            id,
            query.get("date"),
            mock.organization.time_zone,
            Date.now(),
            it.text,
            mock.notes,
          ),
        ),
    ],
    ["GET /invitations", (res) => page(it.invitations)(res)],
    [
      "POST /invitations",
      (res, _ids, body) => {
        const made = { ...it.invitations[1], id: uuid(790), email: body.email, state: "open" };
        it.invitations.unshift(made);
        json(res, 201, { invitation: made, link: "/join#token=wpi_demo-token-51aa" });
      },
    ],
    [
      "DELETE /invitations/:id",
      (res, { id }) => {
        one(() => it.invitations, id).state = "revoked";
        json(res, 204);
      },
    ],
    ...["teams", "projects"].flatMap((kind) => [
      [`GET /${kind}`, (res) => page(it[kind])(res)],
      [
        `POST /${kind}`,
        (res, _ids, body) => {
          const made = { ...it[kind][0], ...body, id: uuid(890), archived_at: null };
          it[kind].push(made);
          json(res, 201, made);
        },
      ],
      [
        `GET /${kind}/:id`,
        (res, { id }) =>
          found(
            res,
            one(() => it[kind], id),
          ),
      ],
      [
        `PATCH /${kind}/:id`,
        (res, { id }, body) => {
          const { archived, ...rest } = body;
          const group = Object.assign(
            one(() => it[kind], id),
            rest,
          );
          if (archived !== undefined) group.archived_at = archived ? iso(Date.now()) : null;
          json(res, 200, group);
        },
      ],
      [`GET /${kind}/:id/members`, (res) => page(it.members)(res)],
      [
        `PUT /${kind}/:id/members/:user`,
        (res, { user }, body) => {
          if (mock.refuseMembers) return problem(res, 404, "not-found", "Not found");
          const known = it.members.find((m) => m.user_id === user);
          const { name } = one(() => it.users, user);
          if (known) known.is_manager = body.is_manager;
          else it.members.unshift({ user_id: user, name, ...body, added_at: iso(Date.now()) });
          return json(res, 204);
        },
      ],
      [
        `DELETE /${kind}/:id/members/:user`,
        (res, { user }) => {
          it.members = it.members.filter((m) => m.user_id !== user);
          json(res, 204);
        },
      ],
    ]),
    ["DELETE /teams/:id", (res) => json(res, 204)],
    [
      "GET /projects/:id/totals",
      (res, { id }, _body, query) =>
        json(res, 200, {
          project_id: id,
          from: query.get("from"),
          to: query.get("to"),
          people: it.members.map((m, i) => ({
            user_id: m.user_id,
            name: m.name,
            time: {
              sessions: 3 + i,
              active_seconds: 31_000 - i * 3100,
              idle_seconds: 2400 + i * 300,
              unobserved_seconds: i === 2 ? 900 : 0,
            },
          })),
          total: {
            sessions: 42,
            active_seconds: 150_000,
            idle_seconds: 21_000,
            unobserved_seconds: 900,
          },
          next_cursor: null,
        }),
    ],
    [
      "GET /devices",
      (res, _ids, _body, query) =>
        page(
          it.devices.filter(
            (d) =>
              (!query.get("user_id") || d.user_id === query.get("user_id")) &&
              (!query.get("pending") || d.status === "pending") &&
              (!query.get("silent_days") || Date.parse(d.last_contact_at) < Date.now() - 7 * DAY),
          ),
        )(res),
    ],
    [
      "POST /devices/:id/approve",
      (res, { id }) => {
        const device = Object.assign(
          one(() => it.devices, id),
          { status: "approved" },
        );
        json(res, 200, device);
      },
    ],
    [
      "DELETE /devices/:id",
      (res, { id }) => {
        Object.assign(
          one(() => it.devices, id),
          { status: "revoked" },
        );
        json(res, 204);
      },
    ],
    ["GET /enrolment-tokens", (res) => page(it.tokens)(res)],
    [
      "POST /enrolment-tokens",
      (res) =>
        json(res, 201, {
          id: uuid(990),
          token: "wpe_demo-token-7b1f2c9d",
          expires_at: iso(Date.now() + 3 * DAY),
        }),
    ],
    [
      "DELETE /enrolment-tokens/:id",
      (res, { id }) => {
        one(() => it.tokens, id).revoked_at = iso(Date.now());
        json(res, 204);
      },
    ],
    [
      "GET /teams/:id/policy",
      (res, { id }) =>
        json(res, 200, { team_id: id, policy: it.policy, updated_at: iso(Date.now()) }),
    ],
    ["GET /reports", (res, _ids, _body, query) => json(res, 200, report(mock, query))],
    ["GET /reports/heatmap", (res, _ids, _body, query) => json(res, 200, heatmap(query))],
    [
      "GET /reports/attendance",
      (res, _ids, _body, query) => json(res, 200, attendance(mock, query)),
    ],
    [
      "GET /reports/completeness",
      (res, _ids, _body, query) => json(res, 200, completeness(mock, query)),
    ],
    ["GET /policy", (res) => json(res, 200, it.policy)],
    [
      "PUT /policy",
      (res, _ids, body) => {
        if (body.version !== it.policy.version) {
          return problem(
            res,
            409,
            "conflict",
            "The policy was changed in the meantime",
            "Nothing was changed.",
          );
        }
        it.policy = { ...body, version: body.version + 1 };
        return json(res, 200, it.policy);
      },
    ],
    [
      "POST /policy/preview",
      (res, _ids, body) =>
        json(res, 200, {
          windows: body.windows.map((one) =>
            body.policy.excluded_applications.includes(one.application)
              ? {
                  application: null,
                  title: null,
                  url: null,
                  category_id: null,
                  removed_by: "excluded_application",
                }
              : {
                  application: body.policy.applications ? one.application : null,
                  title: body.policy.titles ? one.title : null,
                  url: body.policy.urls ? one.url : null,
                  category_id: null,
                  removed_by: null,
                },
          ),
        }),
    ],
    [
      "GET /policy/effective",
      (res) =>
        json(res, 200, {
          user_id: me(),
          policy: it.policy,
          parts: [{ team_id: null, name: mock.organization.name, policy: it.policy }],
        }),
    ],
    ["GET /me/looks", (res) => page(it.looks)(res)],
    ["GET /users/:id/looks", (res) => page(it.looks)(res)],
    [
      "GET /audit",
      (res, _ids, _body, query) =>
        page(it.audit.filter((e) => e.action.startsWith(query.get("action") ?? "")))(res),
    ],
    [
      "GET /me/export",
      (res) => {
        res.writeHead(200, { "content-type": "application/zip" });
        res.end("PK");
      },
    ],
    ["GET /auth/logins", (res) => page(it.logins)(res)],
    [
      "DELETE /auth/logins/:id",
      (res, { id }) => {
        it.logins = it.logins.filter((login) => login.id !== id);
        json(res, 204);
      },
    ],
    [
      "POST /auth/password",
      (res, _ids, body) =>
        String(body.current_password).startsWith("correct")
          ? json(res, 204)
          : problem(res, 422, "validation", "Some fields are not valid", "Nothing was changed.", {
              fields: [{ field: "current_password", message: "is not the one in use" }],
            }),
    ],
    [
      "POST /auth/invitation",
      (res, _ids, body) =>
        body.token.endsWith("spent")
          ? spent(res)
          : json(res, 200, {
              organization_name: mock.organization.name,
              email: "nora.winther@northwind.example",
              expires_at: iso(Date.now() + 3 * DAY),
            }),
    ],
    [
      "POST /auth/register",
      (res, _ids, body) => {
        if (body.invitation) {
          mock.registered = body;
          return json(res, 201, {
            user_id: me(),
            organization_id: mock.organization.id,
            email: "nora.winther@northwind.example",
          });
        }
        if (mock.sendsMail) return json(res, 202, { next: "mail" });
        if (!body.name) {
          return problem(res, 422, "validation", "Some fields are not valid", null, {
            fields: [
              { field: "name", message: "is missing" },
              { field: "password", message: "is too short" },
            ],
          });
        }
        return json(res, 202, { next: "approval" });
      },
    ],
    ["POST /auth/reset-request", (res) => json(res, 202, { by_mail: mock.sendsMail })],
    [
      "POST /auth/reset",
      (res, _ids, body) => (body.token.endsWith("spent") ? spent(res) : json(res, 204)),
    ],
  ].map(([key, answer]) => {
    const [method, path] = key.split(" ");
    const pattern = new RegExp(`^/api/v1${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
    return { method, pattern, answer };
  });
}
