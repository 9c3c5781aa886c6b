/** A clock with timers that moves only when told. */
import type { Timers } from "../src/live/socket";

export class TestClock implements Timers {
  now: number;
  #next = 1;
  #waiting = new Map<number, { at: number; work: () => void }>();

  constructor(now: number) {
    this.now = now;
  }

  set(work: () => void, millis: number): number {
    const handle = this.#next++;
    this.#waiting.set(handle, { at: this.now + millis, work });
    return handle;
  }

  clear(handle: number): void {
    this.#waiting.delete(handle);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** How long until the next timer, in milliseconds; null when none waits. */
  get nextIn(): number | null {
    const times = [...this.#waiting.values()].map((t) => t.at - this.now);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Moves on, running what falls due, in order; promises settle after each. */
  async pass(millis: number): Promise<void> {
    await settled();
    const end = this.now + millis;
    for (;;) {
      const due = [...this.#waiting.entries()]
        .filter(([, timer]) => timer.at <= end)
        .sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#waiting.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].work();
      await settled();
    }
    this.now = end;
    await settled();
  }
}

/** Lets everything that waits for settled promises run. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
