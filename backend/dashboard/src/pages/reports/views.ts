/** Views that somebody saved under a name, in this browser. A view is what its address says. */
import { type ReportSearch, readReport } from "./address";

const KEY = "workpulse-report-views";
const MOST = 50;

export interface SavedView {
  name: string;
  search: ReportSearch;
}

export function savedViews(): SavedView[] {
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(kept)) return [];
    return kept.flatMap((one: unknown) => {
      if (typeof one !== "object" || one === null) return [];
      const { name, search } = one as Record<string, unknown>;
      if (typeof name !== "string" || typeof search !== "object" || search === null) return [];
      return [{ name, search: readReport(search as Record<string, unknown>) }];
    });
  } catch {
    // Switched off, or not ours: there are none.
    return [];
  }
}

function keep(views: SavedView[]): SavedView[] {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(views));
  } catch {
    // It cannot be kept; the address still holds the view.
  }
  return views;
}

/** A second view of the same name replaces the first. */
export function saveView(name: string, search: ReportSearch): SavedView[] {
  const others = savedViews().filter((view) => view.name !== name);
  return keep([{ name, search }, ...others].slice(0, MOST));
}

export function forgetView(name: string): SavedView[] {
  return keep(savedViews().filter((view) => view.name !== name));
}
