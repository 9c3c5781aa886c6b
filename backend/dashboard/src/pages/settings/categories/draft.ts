/** A list of rules while it is worked on: what is in it, and what was done to it. Pure. */
import type { CategoryRule } from "../../../api/categories";

/** A rule with a key of its own, so that it stays itself when it is moved. */
export interface Drafted {
  key: number;
  rule: CategoryRule;
}

export interface Draft {
  /** The version that it began with. */
  version: number;
  rules: Drafted[];
  /** The next key. */
  next: number;
}

export function draftOf(version: number, rules: readonly CategoryRule[]): Draft {
  return {
    version,
    rules: rules.map((rule, key) => ({ key, rule })),
    next: rules.length,
  };
}

/** Puts a rule at the end, or in the place of the one with this key. */
export function put(draft: Draft, key: number | null, rule: CategoryRule): Draft {
  if (key === null) {
    return {
      ...draft,
      rules: [...draft.rules, { key: draft.next, rule }],
      next: draft.next + 1,
    };
  }
  return {
    ...draft,
    rules: draft.rules.map((one) => (one.key === key ? { key, rule } : one)),
  };
}

export function without(draft: Draft, key: number): Draft {
  return { ...draft, rules: draft.rules.filter((one) => one.key !== key) };
}

/** One place up (-1) or down (1); as it is at the ends. */
export function moved(draft: Draft, key: number, by: -1 | 1): Draft {
  const at = draft.rules.findIndex((one) => one.key === key);
  const to = at + by;
  const [one, other] = [draft.rules[at], draft.rules[to]];
  if (!one || !other) return draft;
  const rules = [...draft.rules];
  rules[at] = other;
  rules[to] = one;
  return { ...draft, rules };
}

/** The rules as they are sent: without the keys, and without what is empty. */
export function rulesOf(draft: Draft): CategoryRule[] {
  return draft.rules.map(({ rule }) => plain(rule));
}

export function plain(rule: CategoryRule): CategoryRule {
  const { application, title, domain, category_id } = rule;
  return {
    ...(application?.trim() ? { application: application.trim() } : {}),
    ...(title?.trim() ? { title: title.trim() } : {}),
    ...(domain?.trim() ? { domain: domain.trim() } : {}),
    category_id,
  };
}

export function differs(draft: Draft, rules: readonly CategoryRule[]): boolean {
  return JSON.stringify(rulesOf(draft)) !== JSON.stringify(rules.map(plain));
}
