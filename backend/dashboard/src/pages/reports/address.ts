/** What a report's address says. All of a report's state stands in it, so that it can be shared. */
import { PRESETS, type Preset } from "./range";

export const GROUPS = [
  "person",
  "team",
  "project",
  "application",
  "domain",
  "category",
  "day",
  "hour",
] as const;
export type Group = (typeof GROUPS)[number];

/** Sessions are booked on projects; what was used in them is not kept by project. */
export const PROJECT_GROUPS: readonly Group[] = ["person", "team", "project", "day"];

export const SORTS = [
  "label",
  "active",
  "idle",
  "unobserved",
  "worked",
  "score",
  "change",
] as const;
export type Sort = (typeof SORTS)[number];

export const ATTENDANCE_SORTS = ["person", "day", "first", "last", "breaks", "worked"] as const;
export type AttendanceSort = (typeof ATTENDANCE_SORTS)[number];
export type AttendanceSearch = ReportSearch<AttendanceSort>;

export const COMPLETENESS_SORTS = [
  "person",
  "sessions",
  "accounted",
  "percent",
  "devices",
] as const;
export type CompletenessSort = (typeof COMPLETENESS_SORTS)[number];
export type CompletenessSearch = ReportSearch<CompletenessSort>;

export interface ReportSearch<By extends string = Sort> {
  /** A preset that moves with the days; or else the two days themselves. */
  range?: Preset;
  from?: string;
  to?: string;
  by?: Group;
  sort?: By;
  up?: boolean;
  compare?: boolean;
  team?: string;
  project?: string;
  person?: string;
}

const isDay = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);
export const isId = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f-]{36}$/i.test(value);
const oneOf = <One extends string>(all: readonly One[], value: unknown): value is One =>
  (all as readonly unknown[]).includes(value);

type Given = Record<string, unknown>;

export const readReport = (search: Given): ReportSearch => read(search, SORTS);
export const readAttendance = (search: Given): AttendanceSearch => read(search, ATTENDANCE_SORTS);
export const readCompleteness = (search: Given): CompletenessSearch =>
  read(search, COMPLETENESS_SORTS);

/** Takes what it understands; whatever else stands in an address is left out. */
function read<By extends string>(search: Given, sorts: readonly By[]): ReportSearch<By> {
  const days =
    isDay(search.from) && isDay(search.to) && search.from <= search.to
      ? { from: search.from, to: search.to }
      : {};
  const project = isId(search.project) ? search.project : undefined;
  const by = oneOf(GROUPS, search.by) ? search.by : undefined;
  const goes = by !== undefined && (project === undefined || PROJECT_GROUPS.includes(by));
  return {
    ...(oneOf(PRESETS, search.range) ? { range: search.range } : days),
    ...(goes ? { by } : {}),
    ...(oneOf(sorts, search.sort) ? { sort: search.sort } : {}),
    ...(search.up === true ? { up: true } : {}),
    ...(search.compare === false ? { compare: false } : {}),
    ...(isId(search.team) ? { team: search.team } : {}),
    ...(project === undefined ? {} : { project }),
    ...(isId(search.person) ? { person: search.person } : {}),
  };
}

/** Of an address only its days. */
export function rangeSearch(
  search: Pick<ReportSearch, "range" | "from" | "to">,
): Pick<ReportSearch, "range" | "from" | "to"> {
  const { range, from, to } = search;
  if (range !== undefined) return { range };
  return from !== undefined && to !== undefined ? { from, to } : {};
}
