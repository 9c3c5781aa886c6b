/** Which rule the server refuses, and why. Pure. */
import { ApiError } from "../../../api/problem";
import { categories as words } from "../../../text/categories";

const LABELS: Readonly<Record<string, string>> = {
  application: words.application,
  domain: words.domain,
  title: words.title,
  category_id: words.into,
};

/** Each refused rule in a sentence, by its place in the list; empty where no rule is at fault. */
export function refusedRules(error: unknown): string[] {
  if (!(error instanceof ApiError)) return [];
  return error.problem.fields.flatMap(({ field, message }) => {
    const [, index, part] = /^rules\[(\d+)\](?:\.(\w+))?$/.exec(field) ?? [];
    if (index === undefined) return [];
    return [words.refusedRule(Number(index) + 1, LABELS[part ?? ""] ?? "", message)];
  });
}
