/**
 * What the page may ask of the program around it: one method for each command that the window's
 * capability allows. Times are milliseconds since 1970, durations are seconds.
 *
 * The page knows this interface only; tests put another program behind it.
 */
import { invoke } from "@tauri-apps/api/core";
import { createContext, useContext } from "react";

export type Kind = "active" | "idle" | "unobserved";

export interface Span {
  from: number;
  to: number;
  kind: Kind;
  reason: string | null;
  application: string | null;
  title: string | null;
  /** The category's name, where nothing else of the window is kept. */
  category: string | null;
}

export interface Totals {
  active_seconds: number;
  idle_seconds: number;
  unobserved_seconds: number;
}

export interface Counters {
  produced: number;
  stored: number;
  pending: number;
  dropped: Record<string, number>;
}

/** The agent's own report; times in it are as they are on the wire. */
export interface Report {
  enrolled: boolean;
  server: string | null;
  user_name: string | null;
  organization_name: string | null;
  state: "working" | "idle" | "paused" | "not_working" | "offline" | "needs_attention";
  message: string | null;
  session: { project_id: string | null; started_at: string } | null;
  paused: boolean;
  paused_until: string | null;
  today: Totals;
  pending: number;
  waiting_in_memory: number;
  counters: Counters;
  last_sync_at: string | null;
  last_error: string | null;
  device_pending: boolean;
  outside_working_hours: boolean;
  policy: { pause?: { allowed: boolean; longest_seconds: number | null } } | null;
  agent_version: string;
}

export interface Status {
  report: Report;
  notice: { accepted_at: number | null };
  running: boolean;
}

export type Act =
  | { command: "start"; project_id: string | null }
  | { command: "stop" }
  | { command: "pause"; until: number | null }
  | { command: "resume" }
  | { command: "sync_now" };

export interface NoticeLine {
  what: string;
  collected: "yes" | "no" | "limited";
  why: string;
}

export interface Notice {
  organization_name: string;
  user_name: string;
  server: string;
  lines: NoticeLine[];
}

export interface Today {
  date: string;
  zone: string;
  from: number;
  to: number;
  now: number;
  spans: Span[];
  totals: Totals;
  session: { started_at: number; project_id: string | null } | null;
  pending: number;
}

export type RowState = "pending" | "acknowledged" | "rejected";

export interface Row {
  id: string;
  made_at: number;
  state: RowState;
  kind: string;
  started_at: number | null;
  seconds: number | null;
  application: string | null;
  title: string | null;
  url: string | null;
  activity: Kind | null;
  reason: string | null;
  /** Of a span of which only a category is kept. */
  category_id: string | null;
  why_empty: { field: "application" | "title" | "url"; rule: string }[];
  body: string;
}

export interface Rows {
  items: Row[];
  next: string | null;
  totals: { all: number; pending: number; acknowledged: number; rejected: number };
}

export interface Looks {
  items: { at: number; by: string; what: string; about: string }[];
  next_cursor: string | null;
}

export interface Day extends Totals {
  date: string;
  score: number | null;
  first_input: number | null;
  last_input: number | null;
}

export interface Days {
  items: Day[];
  time_zone: string;
}

export type NoteKind = "work" | "meeting" | "break" | "other";

export interface Note {
  id: string;
  from: number;
  to: number;
  kind: NoteKind;
  text: string | null;
  state: "open" | "accepted" | "declined";
  answer: string | null;
}

export interface OneDay {
  date: string;
  time_zone: string;
  from: number;
  to: number;
  spans: Span[];
  gaps: { from: number; to: number; reason: string }[];
  notes: Note[];
  totals: Totals;
  score: number | null;
  hours: Hour[];
  hours_complete: boolean;
}

/** The minutes that a score is made of; each moment counts once. */
export interface Hour {
  from: number;
  totals: Totals;
  score: number | null;
  minutes: { from: number; totals: Totals; application: string | null }[];
}

/** What is known of newer versions. */
export type Newer =
  | { state: "off"; why: string }
  | { state: "none"; running: string }
  | { state: "available"; version: string }
  | { state: "ready"; version: string; path: string; command: string };

export interface Enrolled {
  user_name: string;
  organization_name: string;
  pending: boolean;
}

export interface Project {
  id: string;
  name: string;
  running: boolean;
}

export interface Setting {
  key: string;
  label: string;
  value: string | number | boolean | null;
  kind: "text" | "number" | "switch" | "choice";
  choices: string[] | null;
  origin: string;
  fixed: boolean;
  help: string;
}

export interface Diagnosis {
  groups: {
    title: string;
    items: { name: string; value: string; good: boolean | null; hint: string | null }[];
  }[];
  text: string;
}

export interface Returned {
  from: number;
  to: number;
  reason: "idle" | "asleep" | "locked";
}

export interface Bridge {
  status(): Promise<Status>;
  act(command: Act): Promise<Report>;
  returned(): Promise<Returned | null>;
  answerReturn(from: number, to: number, answer: "break" | "meeting" | "keep"): Promise<void>;
  enrol(given: { server: string; token: string; email: string | null }): Promise<Enrolled>;
  logIn(given: { server: string; email: string; password: string }): Promise<Enrolled>;
  notice(): Promise<Notice>;
  acceptNotice(): Promise<void>;
  today(): Promise<Today>;
  rows(query: {
    search: string;
    state: "all" | RowState;
    before: string | null;
    limit: number;
  }): Promise<Rows>;
  looks(cursor: string | null): Promise<Looks>;
  days(from: string, to: string): Promise<Days>;
  day(date: string): Promise<OneDay>;
  correct(note: { from: number; to: number; kind: NoteKind; text: string | null }): Promise<Note>;
  projects(): Promise<Project[]>;
  categories(): Promise<{ id: string; name: string }[]>;
  settings(): Promise<Setting[]>;
  set(key: string, value: string | number | boolean): Promise<{ restart: boolean }>;
  diagnosis(): Promise<Diagnosis>;
  updateCheck(): Promise<Newer>;
  updateDownload(): Promise<Newer>;
  openDashboard(path: string): Promise<void>;
  /** When the page was first painted. */
  painted(atMillis: number): Promise<void>;
}

/** The real program. */
export const program: Bridge = {
  status: () => invoke("status"),
  act: (command) => invoke("act", { command }),
  returned: () => invoke("returned"),
  answerReturn: (from, to, answer) => invoke("answer_return", { from, to, answer }),
  enrol: (given) => invoke("enrol", given),
  logIn: (given) => invoke("log_in", given),
  notice: () => invoke("notice"),
  acceptNotice: () => invoke("accept_notice"),
  today: () => invoke("today"),
  rows: (query) => invoke("rows", query),
  looks: (cursor) => invoke("looks", { cursor }),
  days: (from, to) => invoke("days", { from, to }),
  day: (date) => invoke("day", { date }),
  correct: (note) => invoke("correct", note),
  projects: () => invoke("projects"),
  categories: () => invoke("categories"),
  settings: () => invoke("settings"),
  set: (key, value) => invoke("set", { key, value }),
  diagnosis: () => invoke("diagnosis"),
  updateCheck: () => invoke("update_check"),
  updateDownload: () => invoke("update_download"),
  openDashboard: (path) => invoke("open_dashboard", { path }),
  painted: (atMillis) => invoke("painted", { atMillis }),
};

const Context = createContext<Bridge>(program);

export const BridgeProvider = Context.Provider;

export function useBridge(): Bridge {
  return useContext(Context);
}

/** What went wrong, in the program's own sentence. */
export function reason(error: unknown): string {
  if (typeof error === "object" && error !== null && "message" in error) {
    return String(error.message);
  }
  return typeof error === "string" ? error : "";
}
