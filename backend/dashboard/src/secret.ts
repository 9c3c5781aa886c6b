/**
 * The secret of a link (`/join#token=…`, `/reset#token=…`). It stands in the fragment, which
 * browsers send to nobody; it is taken out of the address bar and the history before anything is
 * drawn, and held in memory only. It leaves this page in the body of one request.
 */
import { useSyncExternalStore } from "react";

const PATHS = ["/join", "/reset"];

let held: { path: string; token: string } | null = null;
const listeners = new Set<() => void>();

interface Place {
  location: Pick<Location, "pathname" | "search" | "hash">;
  history: Pick<History, "replaceState" | "state">;
}

/** Takes the secret out of the address, if there is one. */
export function takeSecret(place: Place = window): void {
  const { pathname, search, hash } = place.location;
  const path = pathname.replace(/\/+$/, "");
  if (!PATHS.includes(path) || !hash.startsWith("#token=")) return;
  place.history.replaceState(place.history.state, "", pathname + search);
  const token = new URLSearchParams(hash.slice(1)).get("token") ?? "";
  held = token === "" || token.length > 512 ? null : { path, token };
  for (const listener of listeners) listener();
}

export function secretOf(path: string): string | null {
  return held?.path === path ? held.token : null;
}

/** Once it was used, nobody needs it any more. */
export function forgetSecret(): void {
  held = null;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The secret for this page; another link that is opened in the same tab replaces it. */
export function useSecret(path: string): string | null {
  return useSyncExternalStore(subscribe, () => secretOf(path));
}
