/** Whether this browser has a network, and since when not. */
import { useSyncExternalStore } from "react";

let since: number | null = navigator.onLine ? null : Date.now();

function subscribe(listener: () => void): () => void {
  const changed = () => {
    since = navigator.onLine ? null : (since ?? Date.now());
    listener();
  };
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

/** Since when there is none, on this machine's clock; null while there is one. */
export function useOfflineSince(): number | null {
  return useSyncExternalStore(subscribe, () => since);
}
