/** Which week or month, as an address. */
import { SPANS, type Span } from "./span";

export interface SpanSearch {
  span?: Span;
  /** A day of it, `YYYY-MM-DD`. */
  date?: string;
}

export function readSpan(search: Record<string, unknown>): SpanSearch {
  const span = SPANS.find((one) => one === search.span);
  const date = typeof search.date === "string" ? search.date : "";
  return {
    ...(span === undefined || span === "week" ? {} : { span }),
    ...(/^\d{4}-\d{2}-\d{2}$/.test(date) ? { date } : {}),
  };
}

export function spanSearch(span: Span, date: string | null): SpanSearch {
  return readSpan({ span, date });
}
