// What the mock server can do to any answer, so that every page can be seen in every state: empty
// it, or put hostile texts into all of its fields and make its lists long enough to show them.
import { uuid } from "./people.mjs";

const SUMS = ["total", "totals", "today"];
const TEXTS = new Set([
  "name",
  "user_name",
  "application",
  "title",
  "text",
  "note",
  "answer",
  "description",
  "label",
  "client",
  "actor_name",
  "resolved_by_name",
  "answered_by_name",
  "viewer_name",
  "error",
  "file_name",
]);
const LISTS = ["items", "rows", "people"];

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** As the server answers where there is nothing yet. */
export function emptied(body) {
  if (!isObject(body)) return body;
  const sum = (value) => (typeof value === "number" ? 0 : value);
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => {
      if (Array.isArray(value)) return [key, []];
      if (key === "next_cursor") return [key, null];
      if (key === "row_count") return [key, 0];
      if (SUMS.includes(key) && isObject(value)) {
        return [key, Object.fromEntries(Object.entries(value).map(([k, v]) => [k, sum(v)]))];
      }
      return [key, value];
    }),
  );
}

/**
 * Puts texts into every field that people or programs fill; each text is another one until all of
 * them were used. `sent` are those that went out.
 */
export function hostileRewriter(texts) {
  const sent = new Set();
  let turn = 0;
  const next = () => {
    const text = texts[turn % texts.length];
    turn += 1;
    sent.add(text);
    return text;
  };
  const rewrite = (value) => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const day = key === "label" && value.key === inner;
        const text = TEXTS.has(key) && typeof inner === "string" && inner !== "" && !day;
        return [key, text ? next() : rewrite(inner)];
      }),
    );
  };
  /** As many rows as there are texts, each a person, a team or an application of its own. */
  const long = (list) => {
    const dated = list.some((row) => row.key !== undefined && row.key === row.label);
    if (list.length === 0 || !isObject(list[0]) || dated) return list;
    return Array.from({ length: Math.max(list.length, texts.length) }, (_, i) => {
      const row = list[i % list.length];
      if (i < list.length) return row;
      const id = ["id", "user_id", "key"].find((name) => typeof row[name] === "string");
      return id === undefined ? row : { ...row, [id]: uuid(300_000 + i) };
    });
  };
  return {
    sent,
    rewrite: (body) => {
      if (!isObject(body)) return body;
      const lengthened = Object.fromEntries(
        Object.entries(body).map(([key, value]) => [
          key,
          LISTS.includes(key) && Array.isArray(value) ? long(value) : value,
        ]),
      );
      return rewrite(lengthened);
    },
  };
}
