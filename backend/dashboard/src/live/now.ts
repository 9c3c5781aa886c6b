/** One ticking clock for everything that shows an age. Stands still while nobody looks. */
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: number | null = null;
let current = Date.now();

function tick(): void {
  current = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) {
    current = Date.now();
    timer = window.setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) {
      window.clearInterval(timer);
      timer = null;
    }
  };
}

/** This machine's clock, in milliseconds, renewed each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current);
}
