/** Who is logged in, as a query that pages share; and the address to come back to after a log-in. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./api/client";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: api.me,
  staleTime: 5 * 60_000,
  // Every page asks for it before it is shown: forgotten, or waiting for a network, it would hold
  // up pages that are there.
  gcTime: Number.POSITIVE_INFINITY,
  networkMode: "always",
});

/**
 * Where to go after the log-in: only a path of this dashboard. Anything else (another host, a
 * `//host`, a `\` that browsers read as `/`, a scheme) could lead a person away.
 */
export function safeTarget(wish: unknown): string {
  const home = "/";
  if (typeof wish !== "string" || !/^\/(?![/\\])/.test(wish)) return home;
  const base = "http://dashboard.invalid";
  let url: URL;
  try {
    url = new URL(wish, base);
  } catch {
    return home;
  }
  // `/.//host` is on our host, and yet its normalized path would be read as another one.
  if (url.origin !== base || url.pathname.startsWith("//")) return home;
  if (url.pathname === "/" || url.pathname === "/login" || url.pathname === "/setup") return home;
  return url.pathname + url.search + url.hash;
}
