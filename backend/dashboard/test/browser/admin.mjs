// What the mock server answers about people, groups, devices, settings and oneself. Changes are
// kept, so that a page can be used.
import { DAY, iso } from "./instants.mjs";
import { uuid } from "./people.mjs";
import { attendance, completeness, heatmap, report } from "./reports.mjs";
import { timeline } from "./timelines.mjs";

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
