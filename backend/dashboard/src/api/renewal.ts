/**
 * Renews an expired log-in: one request at a time in this tab, and one at a time over all tabs,
 * because a refresh token works once and using it twice ends the log-in everywhere.
 */
const LAST_RENEWED = "wp-renewed-at";

export class Renewal {
  readonly #ask: () => Promise<boolean>;
  #running: Promise<boolean> | null = null;
  #renewedAt = 0;

  /** `ask` answers whether the log-in was renewed, and throws when that cannot be known. */
  constructor(ask: () => Promise<boolean>) {
    this.#ask = ask;
  }

  /**
   * Whether the log-in is good again. A request that left before somebody else's renewal finished
   * needs none of its own.
   */
  renew(askedAt: number): Promise<boolean> {
    if (this.#renewedAt > askedAt) return Promise.resolve(true);
    this.#running ??= this.#exclusive(askedAt).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #exclusive(askedAt: number): Promise<boolean> {
    const work = async () => {
      if (this.#otherTabRenewedAfter(askedAt)) return true;
      const renewed = await this.#ask();
      if (renewed) this.#remember();
      return renewed;
    };
    // Locks exist in secure contexts only; over plain HTTP a single tab is still safe.
    if (typeof navigator.locks === "undefined") return work();
    return await navigator.locks.request("wp-renewal", work);
  }

  #otherTabRenewedAfter(askedAt: number): boolean {
    try {
      return Number(window.localStorage.getItem(LAST_RENEWED) ?? 0) > askedAt;
    } catch {
      return false;
    }
  }

  #remember(): void {
    this.#renewedAt = Date.now();
    try {
      window.localStorage.setItem(LAST_RENEWED, String(this.#renewedAt));
    } catch {
      // Storage is switched off: the other tabs will ask for themselves.
    }
  }
}
