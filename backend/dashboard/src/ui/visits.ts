/** Looks that belong together: a page asks for several things at once, and each is a look. Pure. */
import type { Look } from "../api/own";
import { dayInWords, millis } from "../format/instant";
import { me } from "../text/me";

const words = me.looks;

/** Looks of one person that follow each other within this time are one visit. */
const ONE_VISIT = 60_000;

export interface Visit {
  /** The newest of its looks, which says who and when. */
  look: Look;
  /** At what, newest first, each once with how often. */
  at: readonly { what: string; times: number }[];
}

/** "your day of Monday, together with 11 other people" */
export function lookInWords(look: Look, kinds: Readonly<Record<string, string>>): string {
  const what = kinds[look.looked_at] ?? look.looked_at;
  const day = look.date ? ` ${words.of(dayInWords(look.date))}` : "";
  const others = look.people > 1 ? `, ${words.with(look.people - 1)}` : "";
  return what + day + others;
}

/** Visits, newest first, of looks that are newest first. No look is left out. */
export function visitsOf(looks: readonly Look[], kinds: Readonly<Record<string, string>>): Visit[] {
  const visits: { look: Look; at: Map<string, number> }[] = [];
  for (const look of looks) {
    const what = lookInWords(look, kinds);
    const last = visits.at(-1);
    if (last && sameVisit(last.look, look)) last.at.set(what, (last.at.get(what) ?? 0) + 1);
    else visits.push({ look, at: new Map([[what, 1]]) });
  }
  return visits.map(({ look, at }) => ({
    look,
    at: [...at].map(([what, times]) => ({ what, times })),
  }));
}

function sameVisit(newest: Look, look: Look): boolean {
  const [end, begin] = [millis(newest.at), millis(look.at)];
  return (
    newest.viewer_id === look.viewer_id &&
    newest.viewer_name === look.viewer_name &&
    newest.viewer_role === look.viewer_role &&
    end !== null &&
    begin !== null &&
    end - begin < ONE_VISIT
  );
}
