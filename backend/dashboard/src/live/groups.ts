/**
 * People in groups, and groups as the lines of one long list. Pure; must not know words: a group
 * says what it is, the page says how that is called.
 */
import type { PersonState, PersonStatus } from "../api/types";
import { locale } from "../text/language";
import { STATUSES } from "./order";

export const GROUPINGS = ["none", "team", "project", "status"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What presence does not say: who is in which team, and how projects are called. */
export interface Names {
  /** Teams by their id. */
  teams: ReadonlyMap<string, { name: string; people: ReadonlySet<string> }>;
  /** Names of projects by their id. */
  projects: ReadonlyMap<string, string>;
}

export type Heading =
  | { kind: "named"; id: string; name: string }
  | { kind: "status"; status: PersonStatus }
  /** In no team; in no project; in one that the viewer does not know; in no session. */
  | { kind: "no_team" | "no_project" | "other_project" | "not_working" };

export interface Group {
  /** Stays the same while the group is the same. */
  key: string;
  heading: Heading;
  people: PersonState[];
}

/** A line of the list: a heading, or as many people as stand side by side. */
export type Line =
  | { kind: "heading"; key: string; group: Group }
  | { kind: "people"; key: string; people: PersonState[] };

const collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });

/** Groups that have no name of their own come last, in this order. */
const LAST = ["other_project", "no_project", "no_team", "not_working"];

/**
 * Groups in order, each with its people in the order in which they came. Who is in several teams
 * stands in each of them.
 */
export function groupsOf(
  people: readonly PersonState[],
  by: Exclude<Grouping, "none">,
  names: Names,
): Group[] {
  const groups = new Map<string, Group>();
  const teams = by === "team" ? teamsByPerson(names) : null;
  for (const person of people) {
    for (const heading of headings(person, by, names, teams)) {
      const key = keyOf(heading);
      const known = groups.get(key);
      if (known) known.people.push(person);
      else groups.set(key, { key, heading, people: [person] });
    }
  }
  return [...groups.values()].sort((a, b) => compare(a.heading, b.heading));
}

/** `across` people stand side by side; without groups there are no headings. */
export function linesOf(groups: readonly Group[], across: number, headed: boolean): Line[] {
  const lines: Line[] = [];
  for (const group of groups) {
    if (headed) lines.push({ kind: "heading", key: group.key, group });
    for (let at = 0; at < group.people.length; at += across) {
      const people = group.people.slice(at, at + across);
      lines.push({ kind: "people", key: `${group.key}/${people[0]?.user_id}`, people });
    }
  }
  return lines;
}

function teamsByPerson(names: Names): Map<string, Heading[]> {
  const found = new Map<string, Heading[]>();
  for (const [id, team] of names.teams) {
    for (const person of team.people) {
      const heading: Heading = { kind: "named", id, name: team.name };
      const known = found.get(person);
      if (known) known.push(heading);
      else found.set(person, [heading]);
    }
  }
  return found;
}

function headings(
  person: PersonState,
  by: Exclude<Grouping, "none">,
  names: Names,
  teams: Map<string, Heading[]> | null,
): readonly Heading[] {
  if (by === "status") return [{ kind: "status", status: person.status }];
  if (by === "team") return teams?.get(person.user_id) ?? [{ kind: "no_team" }];
  if (!person.session) return [{ kind: "not_working" }];
  const id = person.session.project_id;
  if (!id) return [{ kind: "no_project" }];
  const name = names.projects.get(id);
  return [name === undefined ? { kind: "other_project" } : { kind: "named", id, name }];
}

function keyOf(heading: Heading): string {
  if (heading.kind === "named") return `named:${heading.id}`;
  return heading.kind === "status" ? `status:${heading.status}` : heading.kind;
}

function compare(a: Heading, b: Heading): number {
  if (a.kind === "status" && b.kind === "status") return place(a.status) - place(b.status);
  if (a.kind === "named" && b.kind === "named") {
    return collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
  }
  return LAST.indexOf(a.kind) - LAST.indexOf(b.kind);
}

/** A state that this version does not know comes first: somebody should look. */
function place(status: PersonStatus): number {
  return (STATUSES as readonly PersonStatus[]).indexOf(status);
}
