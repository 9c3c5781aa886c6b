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

export const SORTS = ["label", "active", "idle", "unobserved", "worked", "score"] as const;
export type Sort = (typeof SORTS)[number];

export interface ReportSearch {
  /** A preset that moves with the days; or else the two days themselves. */
  range?: Preset;
  from?: string;
  to?: string;
  by?: Group;
  sort?: Sort;
  up?: boolean;
  compare?: boolean;
  team?: string;
  project?: string;
  person?: string;
}

const isDay = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);
const isId = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f-]{36}$/i.test(value);
const oneOf = <One extends string>(all: readonly One[], value: unknown): value is One =>
  (all as readonly unknown[]).includes(value);

/** Takes what it understands; whatever else stands in an address is left out. */
export function readReport(search: Record<string, unknown>): ReportSearch {
  const days =
    isDay(search.from) && isDay(search.to) && search.from <= search.to
      ? { from: search.from, to: search.to }
      : {};
  return {
    ...(oneOf(PRESETS, search.range) ? { range: search.range } : days),
    ...(oneOf(GROUPS, search.by) ? { by: search.by } : {}),
    ...(oneOf(SORTS, search.sort) ? { sort: search.sort } : {}),
    ...(search.up === true ? { up: true } : {}),
    ...(search.compare === false ? { compare: false } : {}),
    ...(isId(search.team) ? { team: search.team } : {}),
    ...(isId(search.project) ? { project: search.project } : {}),
    ...(isId(search.person) ? { person: search.person } : {}),
  };
}
