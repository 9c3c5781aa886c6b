/**
 * Keeps the live view true: snapshot first, then events, batched to one update a frame; a new
 * snapshot after a reset, at midnight, and when the stream has been quiet for long. Pure of React;
 * HTTP, socket, clock and scheduling are handed in.
 */
import { ApiError } from "../api/problem";
import type { LiveEvent, PresenceSnapshot, ServerFrame } from "../api/types";
import { dayIn, millis } from "../format/instant";
import { LiveSocket, type Timers, type Wire } from "./socket";
import { applyEvents, applySnapshot, forgetNumbers, type LiveState } from "./state";

export interface FeedView {
  phase: "loading" | "ready" | "failed";
  live: LiveState | null;
  /** Why loading failed; only in phase `failed`. */
  error: unknown;
  connected: boolean;
  /** When the connection was lost, on this machine's clock; null while it stands. */
  lostAt: number | null;
  /** The server's clock minus this machine's, in milliseconds. */
  clockOffset: number;
}

export interface FeedOptions {
  presence: () => Promise<PresenceSnapshot>;
  /** Asks who is logged in, which renews an expired log-in; fails with 401 when it has ended. */
  checkLogin: () => Promise<unknown>;
  onLoginEnded: () => void;
  open: (address: string) => Wire;
  timers: Timers;
  /** Runs the work before the next paint, or soon when nothing is painted. */
  nextFrame: (work: () => void) => void;
  now: () => number;
  random: () => number;
}

/** With nothing heard for this long, a snapshot proves that nothing was missed. */
const QUIET_MILLIS = 120_000;
const WATCH_MILLIS = 15_000;
const ALERT_EVENTS: readonly string[] = ["INACTIVE_ALERT", "OVERTIME_ALERT", "ALERT_RESOLVED"];

export class LiveFeed {
  readonly #options: FeedOptions;
  readonly #socket: LiveSocket;
  readonly #listeners = new Set<() => void>();
  readonly #alertListeners = new Set<() => void>();
  #view: FeedView = {
    phase: "loading",
    live: null,
    error: null,
    connected: false,
    lostAt: null,
    clockOffset: 0,
  };
  #queue: LiveEvent[] = [];
  #flushing = false;
  #running = false;
  #fetching = false;
  #fetchAgain = false;
  #heardAt = 0;
  #watch: number | null = null;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#socket = new LiveSocket({
      open: options.open,
      timers: options.timers,
      random: options.random,
      after: () => this.#lastSeq(),
      onFrame: (frame) => this.#take(frame),
      onConnected: (connected) => this.#connection(connected),
      mayContinue: (cutOff) => this.#loginHolds(cutOff),
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Told whenever alerts may be others than before: an event, or news that the stream left out. */
  readonly subscribeAlerts = (listener: () => void): (() => void) => {
    this.#alertListeners.add(listener);
    return () => this.#alertListeners.delete(listener);
  };

  readonly view = (): FeedView => this.#view;

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#load();
    this.#keepWatch();
  }

  stop(): void {
    this.#running = false;
    this.#socket.stop();
    if (this.#watch !== null) this.#options.timers.clear(this.#watch);
    this.#watch = null;
  }

  /** After a failed start, or a lost connection: now, not when the back-off ends. */
  retry(): void {
    if (!this.#running) return;
    if (this.#view.live === null) {
      this.#show({ phase: "loading", error: null });
      void this.#load();
    } else {
      this.#socket.connectNow();
    }
  }

  /** The machine woke up or came back online: nothing that was seen before is sure. */
  wake(): void {
    if (!this.#running || this.#view.live === null) return;
    this.#socket.connectNow();
    if (this.#view.connected && this.#quietFor() > WATCH_MILLIS) void this.#load();
  }

  async #load(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    const askedAt = this.#options.now();
    try {
      const snapshot = await this.#options.presence();
      if (this.#running) this.#loaded(snapshot, askedAt);
    } catch (error) {
      if (this.#running) this.#failed(error);
    } finally {
      this.#fetching = false;
      if (this.#fetchAgain) {
        this.#fetchAgain = false;
        if (this.#running) void this.#load();
      }
    }
  }

  #loaded(snapshot: PresenceSnapshot, askedAt: number): void {
    const now = this.#options.now();
    const serverTime = millis(snapshot.server_time);
    const known = this.#view.live;
    // A snapshot that knows more than the stream has told: the stream is dead without saying so.
    const missed = known !== null && snapshot.seq > known.seq && this.#quietFor() > QUIET_MILLIS;
    const live = applyEvents(applySnapshot(known, snapshot), this.#queue);
    this.#queue = [];
    this.#heardAt = now;
    this.#show({
      phase: "ready",
      error: null,
      live,
      // Without a socket (some proxies allow none) the age is that of the latest snapshot.
      lostAt: this.#view.lostAt === null ? null : now,
      // Half the round trip is the best guess at when the server looked at its clock.
      clockOffset: serverTime === null ? this.#view.clockOffset : serverTime - (askedAt + now) / 2,
    });
    // Events are replayed after a drop; what only a snapshot tells of, nobody replays.
    if (known !== null && snapshot.seq > known.seq) this.#alertsMayDiffer();
    if (missed) this.#socket.restart();
    else this.#socket.start();
  }

  #failed(error: unknown): void {
    if (error instanceof ApiError && error.needsLogin) {
      this.stop();
      this.#options.onLoginEnded();
    } else if (this.#view.live === null) {
      this.#show({ phase: "failed", error });
    }
    // Otherwise what is seen stays; the banner tells its age, and the watch asks again.
  }

  #take(frame: ServerFrame): void {
    this.#heardAt = this.#options.now();
    if (frame.frame === "event") {
      this.#queue.push(frame.event);
      if (ALERT_EVENTS.includes(frame.event.event.type)) this.#alertsMayDiffer();
      this.#flushSoon();
    } else if (frame.frame === "reset") {
      this.#startOver(frame.seq);
    } else {
      const serverTime = millis(frame.server_time);
      if (serverTime !== null) this.#show({ clockOffset: serverTime - this.#heardAt });
    }
  }

  /** The next snapshot wins over everything that is known. */
  #startOver(seq: number): void {
    this.#queue = [];
    if (this.#view.live) this.#show({ live: forgetNumbers(this.#view.live, seq) });
    this.#alertsMayDiffer();
    // A snapshot that is under way may be from before.
    if (this.#fetching) this.#fetchAgain = true;
    else void this.#load();
  }

  #alertsMayDiffer(): void {
    for (const listener of this.#alertListeners) listener();
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#options.nextFrame(() => {
      this.#flushing = false;
      const events = this.#queue;
      this.#queue = [];
      const live = this.#view.live;
      if (live) this.#show({ live: applyEvents(live, events) });
    });
  }

  #connection(connected: boolean): void {
    if (connected) {
      this.#heardAt = this.#options.now();
      this.#show({ connected, lostAt: null });
    } else {
      this.#show({ connected, lostAt: this.#view.lostAt ?? this.#options.now() });
    }
  }

  async #loginHolds(cutOff: boolean): Promise<boolean> {
    try {
      await this.#options.checkLogin();
      // Still logged in, but perhaps with another role, that sees other people.
      if (cutOff) this.#startOver(this.#lastSeq());
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || !error.needsLogin) return true;
      this.stop();
      this.#options.onLoginEnded();
      return false;
    }
  }

  #keepWatch(): void {
    this.#watch = this.#options.timers.set(() => {
      this.#keepWatch();
      const live = this.#view.live;
      if (live === null) return;
      const today = dayIn(live.timeZone, this.#options.now() + this.#view.clockOffset);
      const dayIsOver = today !== null && today > live.day;
      if (dayIsOver || this.#quietFor() > QUIET_MILLIS) void this.#load();
    }, WATCH_MILLIS);
  }

  /** What waits for the next frame counts as seen: it will not be asked for twice. */
  #lastSeq(): number {
    return this.#queue.reduce((seq, e) => Math.max(seq, e.seq), this.#view.live?.seq ?? 0);
  }

  #quietFor(): number {
    return this.#options.now() - this.#heardAt;
  }

  #show(change: Partial<FeedView>): void {
    const next = { ...this.#view, ...change };
    const keys = Object.keys(change) as (keyof FeedView)[];
    if (keys.every((key) => Object.is(this.#view[key], next[key]))) return;
    this.#view = next;
    for (const listener of this.#listeners) listener();
  }
}
