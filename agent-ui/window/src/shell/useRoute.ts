/** Which page is open: `#days/2026-11-24`. The hash, so that going back works. */
import { useCallback, useEffect, useState } from "react";

export const PAGES = ["today", "data", "days", "settings", "diagnosis"] as const;
export type PageName = (typeof PAGES)[number];

export interface Route {
  page: PageName;
  /** What stands behind the page's name. */
  rest: string | null;
}

export type Go = (page: PageName, rest?: string) => void;

export function parse(hash: string): Route {
  const [name, rest] = hash.replace(/^#\/?/, "").split("/");
  const page = PAGES.find((one) => one === name) ?? "today";
  return { page, rest: rest ? decodeURIComponent(rest) : null };
}

export function useRoute(): [Route, Go] {
  const [route, setRoute] = useState(() => parse(window.location.hash));
  useEffect(() => {
    const changed = () => setRoute(parse(window.location.hash));
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  const go = useCallback<Go>((page, rest) => {
    window.location.hash = rest === undefined ? page : `${page}/${encodeURIComponent(rest)}`;
  }, []);
  return [route, go];
}
