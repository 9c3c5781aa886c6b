/** What an entry of the audit log says beside its action, in words. Pure. */
import { duration } from "../../format/duration";
import { dayWithYear, millis, moment } from "../../format/instant";
import { alerts } from "../../text/alerts";
import { audit as words } from "../../text/audit";
import { categories } from "../../text/categories";
import { number } from "../../text/language";
import { people } from "../../text/people";
import { webhooks } from "../../text/webhooks";
import { named } from "../../ui/Named";

/** Names by the ids that a page happens to know. */
export type NamesById = ReadonlyMap<string, string>;

/** Of what a look is about the entry itself says who it was and how many; the name is a hash. */
const OF_LOOKS = new Set(["people", "name"]);

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Values that have words of their own, by what they are values of. */
const VALUES: Record<string, Record<string, string>> = {
  role: people.roles,
  status: people.statuses,
  kind: { ...alerts.kinds, ...categories.kinds },
  kinds: webhooks.kind,
  by: words.by,
  reason: words.reasons,
};

function textOf(key: string, value: string, names: NamesById): string {
  const own = VALUES[key]?.[value];
  if (own !== undefined) return own;
  if (DAY.test(value)) return dayWithYear(value);
  // The end of an id tells two apart; its beginning is the time at which it was made.
  if (ID.test(value)) return names.get(value) ?? `…${value.slice(-8)}`;
  const at = key.endsWith("_at") ? millis(value) : null;
  return at === null ? named(value) : moment(at);
}

function valueOfKey(key: string, value: unknown, names: NamesById): string {
  if (value === null) return words.nothing;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number") {
    return key.endsWith("_seconds") ? duration(value) : number(value);
  }
  if (typeof value === "string") return textOf(key, value, names);
  if (Array.isArray(value)) {
    if (value.length === 0) return words.nothing;
    // Lists of more than words would fill the page: how many there are is enough.
    return value.every((one) => typeof one === "string")
      ? value.map((one: string) => textOf(key, one, names)).join(", ")
      : number(value.length);
  }
  return Object.entries(value as object)
    .map(([inner, one]) => `${labelOf(inner)} ${valueOfKey(inner, one, names)}`)
    .join(", ");
}

/** A newer server may say what has no words yet: it is shown as it is. */
function labelOf(key: string): string {
  return words.details[key] ?? key.replaceAll("_", " ");
}

/** Each thing that an entry says, as `Role: Manager`. */
export function detailInWords(action: string, detail: unknown, names: NamesById): string[] {
  if (typeof detail !== "object" || detail === null) return [];
  const look = action.startsWith("look.");
  // The id of what the entry is about says nothing beside its name.
  const named = "name" in detail ? `${action.split(".", 1)[0]}_id` : null;
  return Object.entries(detail)
    .filter(([key]) => key !== named && !(look && OF_LOOKS.has(key)))
    .map(([key, value]) => `${labelOf(key)}: ${valueOfKey(key, value, names)}`);
}
