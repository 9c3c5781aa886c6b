/** A capture policy in plain words. Pure. */
import type { CapturePolicy } from "../../api/settings";
import { duration } from "../../format/duration";

import { inWords } from "../../hours/line";
import { linesOf } from "../../hours/working";
import { me } from "../../text/me";

const words = me.privacy;

export interface PolicyWords {
  collected: string[];
  notCollected: string[];
  rules: { text: string; list: string[] }[];
}

/** `names` are the categories' by their id, as far as they are known. */
export function policyInWords(
  policy: CapturePolicy,
  names: ReadonlyMap<string, string> = new Map(),
): PolicyWords {
  const collected: string[] = [words.time];
  const notCollected: string[] = [words.screen];
  for (const part of ["applications", "titles", "urls"] as const) {
    if (policy[part]) collected.push(words[part].yes);
    else notCollected.push(words[part].no);
  }
  const rules: PolicyWords["rules"] = [];
  const plain = (text: string) => rules.push({ text, list: [] });
  const listed = (text: string, list: string[]) => {
    if (list.length > 0) rules.push({ text, list });
  };
  const hours = policy.working_hours ?? null;
  if (hours === null) plain(words.always);
  else {
    rules.push({
      text: words.hours,
      list: linesOf(hours).map(inWords),
    });
  }
  listed(words.excluded, policy.excluded_applications);
  listed(
    words.patterns,
    (policy.excluded_patterns ?? []).map(
      (p) => `${words.pattern[p.field] ?? p.field}: ${p.pattern}`,
    ),
  );
  listed(
    words.sites,
    (policy.url_rules ?? []).map((r) => `${r.domain}: ${words.site[r.action] ?? r.action}`),
  );
  listed(
    words.windows,
    (policy.window_rules ?? []).map((rule) => {
      const kept = rule.category_id
        ? words.windowOnly(names.get(rule.category_id) ?? words.category)
        : words.windowHides;
      return `${words.windowFields[rule.field] ?? rule.field} ${rule.pattern}: ${kept}`;
    }),
  );
  plain(words.idle(duration(policy.idle_after_seconds)));
  plain(words.gap(duration(policy.session_gap_seconds)));
  plain((policy.ask_on_return ?? true) ? words.ask : words.askNo);
  const pause = policy.pause ?? { allowed: true };
  if (!pause.allowed) plain(words.pauseNo);
  else if (pause.longest_seconds) plain(words.pauseFor(duration(pause.longest_seconds)));
  else plain(words.pauseYes);
  return { collected, notCollected, rules };
}
