/**
 * A program behind the page that lives in memory: a person's whole day, with what is awkward in
 * one (long titles, refused rows, rules). For tests and for looking at the page in a browser.
 */
import type { Bridge, Hour, OneDay, Report, Row, Span, Status } from "../src/bridge";

const HOUR = 3_600_000;
/** Tuesday, 2026-11-24, 00:00 UTC. */
export const DAY = Date.UTC(2026, 10, 24);
export const NOW = DAY + 14.5 * HOUR;

const HOSTILE = `<img src=x onerror=alert(1)> “Quarterly” ‮plan‬ ${"x".repeat(80)}`;

function span(from: number, to: number, kind: Span["kind"], more: Partial<Span> = {}): Span {
  return {
    from: DAY + from * HOUR,
    to: DAY + to * HOUR,
    kind,
    reason: null,
    application: kind === "unobserved" ? null : "Editor",
    title: null,
    category: null,
    ...more,
  };
}

export const SPANS: Span[] = [
  span(8, 9.5, "active", { title: "Harbour plan.odt" }),
  span(9.5, 9.75, "idle"),
  span(9.75, 11, "active", { application: "Browser", title: HOSTILE }),
  span(11, 11.5, "unobserved", { reason: "locked" }),
  span(11.5, 12, "active", { application: "Mail" }),
  span(12, 12.75, "unobserved", { reason: "paused" }),
  span(12.75, 14.5, "active", { application: "Editor", title: "Harbour plan.odt" }),
];

const TOTALS = { active_seconds: 5 * 3_600, idle_seconds: 900, unobserved_seconds: 4_500 };

export function report(change: Partial<Report> = {}): Report {
  return {
    enrolled: true,
    server: "https://time.harbour.example/",
    user_name: "Ines Moreau",
    organization_name: "Harbour Design",
    state: "working",
    message: null,
    session: { project_id: "p1", started_at: new Date(DAY + 8 * HOUR).toISOString() },
    paused: false,
    paused_until: null,
    today: TOTALS,
    pending: 2,
    waiting_in_memory: 0,
    counters: { produced: 392, stored: 389, pending: 2, dropped: { future: 1 } },
    last_sync_at: new Date(NOW - 20_000).toISOString(),
    last_error: null,
    device_pending: false,
    outside_working_hours: false,
    policy: { pause: { allowed: true, longest_seconds: null } },
    agent_version: "0.1.0",
    ...change,
  };
}

function row(number: number, change: Partial<Row> = {}): Row {
  const at = NOW - number * 60_000;
  return {
    id: `1-${400 - number}`,
    made_at: at,
    state: number < 2 ? "pending" : "acknowledged",
    kind: "activity",
    started_at: at - 60_000,
    seconds: 60,
    application: number % 7 === 3 ? null : "Editor",
    title: null,
    url: null,
    activity: "active",
    reason: null,
    category_id: null,
    why_empty: [{ field: "title", rule: "not_collected" }],
    body: JSON.stringify({ activity: { activity_type: "active", duration_seconds: 60 } }),
    ...change,
  };
}

/** As the program names its settings. */
const LABELS: Record<string, string> = {
  "session.auto_start": "Sessions begin by themselves",
  ask_on_return: "Ask when you come back",
  sync_interval_seconds: "Seconds between two contacts with the server",
  credentials: "Where the device's secret is kept",
};

export const ROWS: Row[] = Array.from({ length: 120 }, (_, number) =>
  row(
    number,
    number === 5
      ? { state: "rejected", reason: "future" }
      : number === 8
        ? { title: HOSTILE, why_empty: [] }
        : number === 9
          ? {
              kind: "session_started",
              activity: null,
              seconds: null,
              application: null,
              why_empty: [],
            }
          : number === 10
            ? {
                application: null,
                category_id: "c1",
                why_empty: [
                  { field: "application", rule: "category_only" },
                  { field: "title", rule: "category_only" },
                ],
              }
            : {},
  ),
);

export function oneDay(date: string): OneDay {
  return {
    date,
    time_zone: "Europe/Berlin",
    from: DAY,
    to: DAY + 24 * HOUR,
    spans: SPANS,
    gaps: [
      { from: DAY, to: DAY + 8 * HOUR, reason: "no_session" },
      { from: DAY + 14.5 * HOUR, to: DAY + 24 * HOUR, reason: "no_session" },
    ],
    notes: [
      {
        id: "n1",
        from: DAY + 11 * HOUR,
        to: DAY + 11.5 * HOUR,
        kind: "meeting",
        text: "Stand-up with the pier team",
        state: "accepted",
        answer: "Thanks",
      },
    ],
    totals: TOTALS,
    score: 95.2,
    hours: [hour(8, 5, 48), hour(9, 60, 58), hour(10, 60, 55), hour(11, 30, 60)],
    hours_complete: true,
  };
}

/** So many minutes from an hour on, each with so many seconds of input. */
function hour(from: number, minutes: number, active: number): Hour {
  const totals = (count: number) => ({
    active_seconds: count * active,
    idle_seconds: count * (60 - active),
    unobserved_seconds: 0,
  });
  return {
    from: DAY + from * HOUR,
    totals: totals(minutes),
    score: Math.round((active / 60) * 1_000) / 10,
    minutes: Array.from({ length: minutes }, (_, index) => ({
      from: DAY + from * HOUR + index * 60_000,
      totals: totals(1),
      application: index % 7 === 3 ? "Thunderbird" : "LibreOffice Writer",
    })),
  };
}

export interface FakeOptions {
  enrolled?: boolean;
  accepted?: boolean;
  /** Every question to the server fails. */
  offline?: boolean;
  /** Every question fails. */
  broken?: boolean;
  /** Nothing has been recorded. */
  empty?: boolean;
  /** No question is ever answered. */
  silent?: boolean;
  stopped?: boolean;
  returned?: boolean;
  /** IT updates this computer. */
  managed?: boolean;
  /** What is served as an update is not what was signed. */
  tampered?: boolean;
  report?: Partial<Report>;
}

/** A program, and everything that it was asked to do. */
export function fake(options: FakeOptions = {}): Bridge & { done: string[] } {
  const done: string[] = [];
  let enrolled = options.enrolled ?? true;
  let accepted = options.accepted ?? true;
  let away = options.returned ?? false;
  let current = report({
    ...(options.empty
      ? {
          session: null,
          state: "not_working" as const,
          counters: { produced: 0, stored: 0, pending: 0, dropped: {} },
        }
      : {}),
    ...options.report,
  });
  const settings = new Map<string, string | number | boolean>([
    ["session.auto_start", true],
    ["ask_on_return", true],
    ["sync_interval_seconds", 60],
    ["credentials", "auto"],
  ]);
  const answer = async <T>(value: () => T, server = false): Promise<T> => {
    if (options.silent) return new Promise(() => {});
    if (options.broken || (server && options.offline)) {
      throw {
        message:
          "The server cannot be reached (connection refused). What was recorded is kept and sent later.",
      };
    }
    return value();
  };
  const status = (): Status => ({
    report: enrolled ? current : { ...current, enrolled: false },
    notice: { accepted_at: accepted ? NOW - 86_400_000 : null },
    running: !options.stopped,
  });
  return {
    done,
    status: () => answer(status),
    act: (act) =>
      answer(() => {
        done.push(JSON.stringify(act));
        if (act.command === "stop") current = { ...current, session: null, state: "not_working" };
        if (act.command === "start") {
          current = {
            ...current,
            state: "working",
            session: { project_id: act.project_id, started_at: new Date(NOW).toISOString() },
          };
        }
        if (act.command === "pause") {
          current = {
            ...current,
            paused: true,
            state: "paused",
            paused_until: act.until === null ? null : new Date(act.until).toISOString(),
          };
        }
        if (act.command === "resume") current = { ...current, paused: false, state: "working" };
        return current;
      }),
    returned: () =>
      answer(() =>
        away ? { from: DAY + 13 * HOUR, to: DAY + 13.3 * HOUR, reason: "idle" as const } : null,
      ),
    answerReturn: (from, to, said) =>
      answer(() => {
        done.push(`returned ${from} ${to} ${said}`);
        away = false;
      }, said !== "keep"),
    enrol: (given) =>
      answer(() => {
        done.push(`enrol ${JSON.stringify(given)}`);
        if (given.token === "spent") {
          throw { message: "The machine was not enrolled: the token can no longer be used." };
        }
        enrolled = true;
        accepted = false;
        return { user_name: "Ines Moreau", organization_name: "Harbour Design", pending: false };
      }, true),
    logIn: (given) =>
      answer(() => {
        done.push(`log in ${given.server} ${given.email}`);
        if (given.password === "wrong") {
          throw {
            message:
              "The machine was not enrolled: Log-in failed: The address or the password is wrong, or the account may not be used.",
          };
        }
        enrolled = true;
        accepted = false;
        return { user_name: "Ines Moreau", organization_name: "Harbour Design", pending: false };
      }, true),
    notice: () =>
      answer(() => ({
        organization_name: "Harbour Design",
        user_name: "Ines Moreau",
        server: "https://time.harbour.example/",
        lines: [
          {
            what: "Working time",
            collected: "yes" as const,
            why: "When a session begins and ends.",
          },
          {
            what: "Application names",
            collected: "limited" as const,
            why: "Which program has the focus. Of excluded ones only the time is kept.",
          },
          {
            what: "Window titles",
            collected: "no" as const,
            why: "Your organization's policy does not collect them.",
          },
        ],
      })),
    acceptNotice: () =>
      answer(() => {
        done.push("accept");
        accepted = true;
      }),
    today: () =>
      answer(() => ({
        date: "2026-11-24",
        zone: "Europe/Berlin",
        from: DAY,
        to: DAY + 24 * HOUR,
        now: NOW,
        spans: options.empty ? [] : SPANS,
        totals: options.empty
          ? { active_seconds: 0, idle_seconds: 0, unobserved_seconds: 0 }
          : TOTALS,
        session: null,
        pending: current.pending,
      })),
    rows: (query) =>
      answer(() => {
        const all = options.empty ? [] : ROWS;
        const of = (state: Row["state"]) => all.filter((one) => one.state === state).length;
        const fitting = all.filter(
          (one) =>
            (query.state === "all" || one.state === query.state) &&
            JSON.stringify(one).toLowerCase().includes(query.search.toLowerCase()),
        );
        const begin =
          query.before === null ? 0 : fitting.findIndex((one) => one.id === query.before) + 1;
        const items = fitting.slice(begin, begin + query.limit);
        const more = begin + query.limit < fitting.length;
        return {
          items,
          next: more ? (items.at(-1)?.id ?? null) : null,
          totals: {
            all: all.length,
            pending: of("pending"),
            acknowledged: of("acknowledged"),
            rejected: of("rejected"),
          },
        };
      }),
    looks: () =>
      answer(
        () => ({
          items: options.empty
            ? []
            : [
                {
                  at: NOW - 2 * HOUR,
                  by: "Mona Manager (manager)",
                  what: "A day, minute by minute",
                  about: "2026-11-23",
                },
                {
                  at: NOW - 26 * HOUR,
                  by: "IT, on the server",
                  what: "A report",
                  about: "12 people at once",
                },
              ],
          next_cursor: null,
        }),
        true,
      ),
    days: () =>
      answer(
        () => ({
          time_zone: "Europe/Berlin",
          items: options.empty
            ? []
            : ["2026-11-22", "2026-11-23", "2026-11-24"].map((date, index) => ({
                date,
                ...(index === 0
                  ? { active_seconds: 0, idle_seconds: 0, unobserved_seconds: 600 }
                  : TOTALS),
                score: index === 0 ? null : 95.2,
                first_input: null,
                last_input: null,
              })),
        }),
        true,
      ),
    day: (date) =>
      answer(
        () =>
          options.empty
            ? {
                ...oneDay(date),
                spans: [],
                gaps: [],
                notes: [],
                score: null,
                hours: [],
                totals: { active_seconds: 0, idle_seconds: 0, unobserved_seconds: 0 },
              }
            : oneDay(date),
        true,
      ),
    correct: (note) =>
      answer(() => {
        done.push(`note ${JSON.stringify(note)}`);
        return { id: "n2", state: "open" as const, answer: null, ...note };
      }, true),
    categories: () => answer(() => [{ id: "c1", name: "Health" }], true),
    projects: () =>
      answer(
        () => [
          { id: "p1", name: "Lighthouse", running: true },
          { id: "p2", name: "Pier", running: false },
        ],
        true,
      ),
    settings: () =>
      answer(() => [
        ...[...settings].map(([key, value]) => ({
          key,
          label: LABELS[key] ?? key,
          value,
          kind:
            typeof value === "boolean"
              ? ("switch" as const)
              : typeof value === "number"
                ? ("number" as const)
                : ("choice" as const),
          choices: key === "credentials" ? ["auto", "file"] : null,
          origin:
            key === "sync_interval_seconds"
              ? "Your IT department (managed /etc/workpulse/agent.toml)"
              : "Built in",
          fixed: key === "sync_interval_seconds",
          help: key === "session.auto_start" ? "With the first input of the day." : "",
        })),
        {
          key: "policy.titles",
          label: "Window titles are collected",
          value: false,
          kind: "switch" as const,
          choices: null,
          origin: "Policy of Harbour Design, version 7",
          fixed: true,
          help: "",
        },
      ]),
    set: (key, value) =>
      answer(() => {
        done.push(`set ${key} ${value}`);
        if (value === 0) throw { message: "It must be 1 to 3,600. Nothing was changed." };
        settings.set(key, value);
        return { restart: true };
      }),
    diagnosis: () =>
      answer(() => ({
        groups: [
          {
            title: "Connection",
            items: [
              { name: "Agent", value: "running", good: true, hint: null },
              {
                name: "Last answer of the server",
                value: "1 h 10 min ago",
                good: false,
                hint: "The server cannot be reached (connection refused).",
              },
            ],
          },
          {
            title: "Versions",
            items: [{ name: "WorkPulse", value: "0.1.0", good: null, hint: null }],
          },
        ],
        text: "WorkPulse diagnosis",
      })),
    updateCheck: () =>
      answer(() =>
        options.managed
          ? {
              state: "off" as const,
              why: "Your IT department manages this computer and updates it.",
            }
          : { state: "available" as const, version: "0.2.0-1" },
      ),
    updateDownload: () =>
      answer(() => {
        done.push("download");
        if (options.tampered) {
          throw {
            message:
              "The update was refused: workpulse-agent_0.2.0-1_amd64.deb is not what the holder of the key for updates signed.",
          };
        }
        const path = "/home/ines/.local/share/workpulse/updates/workpulse-agent_0.2.0-1_amd64.deb";
        return {
          state: "ready" as const,
          version: "0.2.0-1",
          path,
          command: `sudo apt install '${path}'`,
        };
      }),
    openDashboard: (path) => answer(() => void done.push(`open ${path}`)),
    painted: () => Promise.resolve(),
  };
}

/** The program that an address asks for: `?broken=1&…` */
export function fakeOf(query: URLSearchParams): Bridge {
  const on = (name: string) => query.get(name) === "1";
  return fake({
    enrolled: !on("new"),
    accepted: !on("unread"),
    offline: on("offline"),
    broken: on("broken"),
    empty: on("empty"),
    silent: on("silent"),
    stopped: on("stopped"),
    returned: on("returned"),
    managed: on("managed"),
  });
}
