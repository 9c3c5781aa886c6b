/** Which people are shown, and in which order. Pure. */
import type { PersonState, PersonStatus } from "../api/types";
import { locale } from "../text/language";
import type { LiveState } from "./state";

export const SORTS = ["attention", "name"] as const;
export type Sort = (typeof SORTS)[number];

/** In the order in which they want a look: broken contact first, those at rest last. */
export const STATUSES = [
  "offline",
  "unobserved",
  "idle",
  "active",
  "not_working",
] as const satisfies readonly PersonStatus[];

const RANK = Object.fromEntries(STATUSES.map((status, rank) => [status, rank])) as Record<
  PersonStatus,
  number
>;

const collator = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });

function byName(a: PersonState, b: PersonState): number {
  return collator.compare(a.name, b.name) || (a.user_id < b.user_id ? -1 : 1);
}

/** A state that this version does not know sorts first: somebody should look. */
function rank(person: PersonState): number {
  return RANK[person.status] ?? -1;
}

/** Who needs attention first: who has open alerts, then by state. */
export function sorted(
  people: readonly PersonState[],
  sort: Sort,
  alerts: ReadonlyMap<string, number>,
): PersonState[] {
  const open = (person: PersonState) => alerts.get(person.user_id) ?? 0;
  const compare =
    sort === "name"
      ? byName
      : (a: PersonState, b: PersonState) => open(b) - open(a) || rank(a) - rank(b) || byName(a, b);
  return [...people].sort(compare);
}

export function everyone(live: LiveState): PersonState[] {
  return Array.from(live.people.values(), (entry) => entry.person);
}

export function countByStatus(people: readonly PersonState[]): Record<PersonStatus, number> {
  const counts = { active: 0, idle: 0, unobserved: 0, offline: 0, not_working: 0 };
  for (const person of people) {
    if (person.status in counts) counts[person.status] += 1;
  }
  return counts;
}

/** Every word of the search must occur in the name or the application; case and accents do not matter. */
export function matching(
  people: readonly PersonState[],
  search: string,
  statuses: readonly PersonStatus[],
): PersonState[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  return people.filter((person) => {
    if (statuses.length > 0 && !statuses.includes(person.status)) return false;
    if (words.length === 0) return true;
    const text = fold(`${person.name} ${person.application ?? ""}`);
    return words.every((word) => text.includes(word));
  });
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/**
 * Keeps rows where they are while somebody points at the list or moves in it with keys: those
 * who were shown keep their order, newcomers go to the end.
 */
export function held(before: readonly string[], people: readonly PersonState[]): PersonState[] {
  const place = new Map(before.map((id, index) => [id, index]));
  const last = before.length;
  return [...people].sort(
    (a, b) => (place.get(a.user_id) ?? last) - (place.get(b.user_id) ?? last),
  );
}
