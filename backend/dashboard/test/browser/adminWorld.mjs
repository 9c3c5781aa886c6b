// What there is behind the pages of people and settings: believable, or hostile in every text field.
import { DAY, HOUR, iso } from "./instants.mjs";
import { HOSTILE, random, uuid } from "./people.mjs";

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
