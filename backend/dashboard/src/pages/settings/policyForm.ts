/** From a capture policy to the form's fields and back. Pure. */
import type { CapturePolicy, WindowRule } from "../../api/settings";
import type { HoursLine } from "../../hours/line";
import { WEEKDAYS } from "../../hours/weekdays";
import { gapOf, hoursOf, linesOf, MOST_STRETCHES } from "../../hours/working";
import { settings } from "../../text/settings";

const words = settings.policy;

export interface PolicyDraft {
  applications: boolean;
  titles: boolean;
  urls: boolean;
  excluded: string;
  patterns: string;
  sites: string;
  windows: WindowDraft[];
  hoursOn: boolean;
  hours: HoursLine[];
  pause: boolean;
  pauseMinutes: string;
  idleSeconds: string;
  gapMinutes: string;
  autoStart: boolean;
  recordPending: boolean;
  askOnReturn: boolean;
}

/** A rule about windows as its line holds it. */
export interface WindowDraft {
  /** Names the line while it is on the page; no part of the policy. */
  key: string;
  field: WindowRule["field"];
  pattern: string;
  /** `hide_title`, or the category that is kept in place of everything else. */
  keeps: string;
}

export const HIDE_TITLE = "hide_title";

export type PolicyGaps = Partial<Record<keyof PolicyDraft, string>>;

/** What hours begin with: a working week. */
export const FIRST_HOURS = { days: WEEKDAYS.slice(0, 5), from: "08:00", until: "18:00" };

/** Lines with something on them, each once. */
export function lines(text: string): string[] {
  const all = text.split("\n").map((line) => line.trim());
  return [...new Set(all.filter(Boolean))];
}

export function draftOf(policy: CapturePolicy): PolicyDraft {
  const pause = policy.pause ?? { allowed: true };
  const hours = policy.working_hours ?? null;
  return {
    applications: policy.applications,
    titles: policy.titles,
    urls: policy.urls,
    excluded: policy.excluded_applications.join("\n"),
    patterns: (policy.excluded_patterns ?? []).map((p) => `${p.field}: ${p.pattern}`).join("\n"),
    sites: (policy.url_rules ?? []).map((r) => `${r.domain}: ${r.action}`).join("\n"),
    windows: (policy.window_rules ?? []).map((rule, at) => ({
      key: `rule-${at}`,
      field: rule.field,
      pattern: rule.pattern,
      keeps: rule.category_id ?? HIDE_TITLE,
    })),
    hoursOn: hours !== null,
    hours: hours ? linesOf(hours) : [{ key: "first", ...FIRST_HOURS }],
    pause: pause.allowed,
    pauseMinutes: pause.longest_seconds ? String(Math.ceil(pause.longest_seconds / 60)) : "",
    idleSeconds: String(policy.idle_after_seconds),
    gapMinutes: String(Math.ceil(policy.session_gap_seconds / 60)),
    autoStart: policy.auto_start,
    recordPending: policy.record_while_pending ?? true,
    askOnReturn: policy.ask_on_return ?? true,
  };
}

/** The policy that the form says, on top of `base`; or what is wrong, by field. */
export function policyOf(
  draft: PolicyDraft,
  base: CapturePolicy,
): { policy: CapturePolicy | null; gaps: PolicyGaps } {
  const gaps: PolicyGaps = {};
  const patterns = lines(draft.patterns).flatMap((line) => {
    const [, field, pattern] = /^(title|application)\s*:\s*(.+)$/i.exec(line) ?? [];
    if (field === undefined || pattern === undefined) {
      gaps.patterns ??= words.patternsWrong(line);
      return [];
    }
    return [{ field: field.toLowerCase() as "title" | "application", pattern }];
  });
  const sites = lines(draft.sites).flatMap((line) => {
    const [, domain, action] = /^(\S+?)\s*:\s*(drop|hide_title)$/i.exec(line) ?? [];
    if (domain === undefined || action === undefined) {
      gaps.sites ??= words.sitesWrong(line);
      return [];
    }
    return [{ domain, action: action.toLowerCase() as "drop" | "hide_title" }];
  });
  const windows = draft.windows.map(
    ({ field, pattern, keeps }): WindowRule => ({
      field,
      pattern: pattern.trim(),
      action: keeps === HIDE_TITLE ? "hide_title" : "category_only",
      category_id: keeps === HIDE_TITLE ? null : keeps,
    }),
  );
  if (windows.some((rule) => rule.pattern === "")) gaps.windows = words.windowsMissing;
  else if (windows.some((rule) => rule.field === "domain" && !DOMAIN.test(rule.pattern)))
    gaps.windows = words.windowsDomain;
  const hours = draft.hoursOn ? hoursOf(draft.hours) : null;
  if (hours !== null && draft.hours.some((line) => gapOf(line) !== null)) {
    gaps.hours = words.hoursGap;
  } else if (hours !== null && hours.length > MOST_STRETCHES) {
    gaps.hours = words.hoursMost;
  }
  const idle = whole(draft.idleSeconds, 10, 3600);
  if (idle === null) gaps.idleSeconds = words.idleWrong;
  const gap = whole(draft.gapMinutes, 1, 1440);
  if (gap === null) gaps.gapMinutes = words.gapWrong;
  const longest = draft.pauseMinutes.trim() === "" ? 0 : whole(draft.pauseMinutes, 1, 1440);
  if (draft.pause && longest === null) gaps.pauseMinutes = words.minutesWrong;
  if (Object.keys(gaps).length > 0 || idle === null || gap === null) return { policy: null, gaps };
  const policy: CapturePolicy = {
    ...base,
    applications: draft.applications,
    titles: draft.titles,
    urls: draft.urls,
    excluded_applications: lines(draft.excluded),
    excluded_patterns: patterns,
    url_rules: sites,
    window_rules: windows,
    working_hours: hours,
    pause: { allowed: draft.pause, longest_seconds: draft.pause && longest ? longest * 60 : null },
    idle_after_seconds: idle,
    session_gap_seconds: gap * 60,
    auto_start: draft.autoStart,
    record_while_pending: draft.recordPending,
    ask_on_return: draft.askOnReturn,
  };
  return { policy, gaps };
}

/** As the server reads a domain's name. */
const DOMAIN = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i;

function whole(text: string, least: number, most: number): number | null {
  if (!/^\d{1,6}$/.test(text.trim())) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}
