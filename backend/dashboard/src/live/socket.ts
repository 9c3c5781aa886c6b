/**
 * The one module that talks WebSocket. Keeps a connection to the event stream alive: resumes after
 * the last event number, waits with full jitter between attempts, and notices a server that
 * accepts and then says nothing. Must not know people, React or HTTP.
 */
import type { ServerFrame } from "../api/types";
import { fullJitter } from "./backoff";
import { parseFrame } from "./frame";

/** What of a WebSocket is used; tests bring their own. */
export interface Wire {
  close(code?: number): void;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((closed: { code: number }) => void) | null;
}

export interface Timers {
  set(work: () => void, millis: number): number;
  clear(handle: number): void;
}

export interface SocketOptions {
  open: (address: string) => Wire;
  timers: Timers;
  /** In [0, 1). */
  random: () => number;
  /** The number to resume after, asked for at each attempt. */
  after: () => number;
  onFrame: (frame: ServerFrame) => void;
  /** True once the server has greeted; false when the connection is gone. */
  onConnected: (connected: boolean) => void;
  /**
   * The server cut us off (1008), or refused before greeting, which a browser cannot tell from no
   * network. Resolves to whether to try again: here the log-in is renewed, or found to have ended.
   */
  mayContinue: (cutOff: boolean) => Promise<boolean>;
}

/** The server no longer accepts this log-in on this connection. */
const POLICY_VIOLATION = 1008;
/** How long a connection may take to greet. */
const GREETING_MILLIS = 10_000;

export class LiveSocket {
  readonly #options: SocketOptions;
  #wire: Wire | null = null;
  #timer: number | null = null;
  #failures = 0;
  #greeted = false;
  #running = false;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    this.#failures = 0;
    this.#clearTimer();
    this.#drop();
  }

  /** Leaves the back-off, if it is waiting: the network is back, or the person asks. */
  connectNow(): void {
    if (!this.#running || this.#wire) return;
    this.#clearTimer();
    this.#connect();
  }

  /** Closes and connects again, after the number that holds then. */
  restart(): void {
    if (!this.#running) return;
    this.#clearTimer();
    this.#drop();
    this.#connect();
  }

  #connect(): void {
    this.#greeted = false;
    const wire = this.#options.open(`/api/v1/ws?after=${this.#options.after()}`);
    this.#wire = wire;
    wire.onmessage = (message) => {
      if (this.#wire !== wire) return;
      const frame = parseFrame(message.data);
      if (frame === null) return;
      if (!this.#greeted) {
        this.#greeted = true;
        this.#failures = 0;
        this.#clearTimer();
        this.#options.onConnected(true);
      }
      this.#options.onFrame(frame);
    };
    wire.onclose = (closed) => {
      if (this.#wire === wire) this.#closed(closed.code);
    };
    this.#timer = this.#options.timers.set(() => {
      this.#drop();
      this.#closed(1006);
    }, GREETING_MILLIS);
  }

  #closed(code: number): void {
    const greeted = this.#greeted;
    this.#wire = null;
    this.#greeted = false;
    this.#clearTimer();
    this.#options.onConnected(false);
    if (!this.#running) return;
    const cutOff = code === POLICY_VIOLATION;
    if (greeted && !cutOff) {
      this.#wait();
      return;
    }
    const go = (may: boolean) => {
      if (!this.#running || this.#wire || this.#timer !== null) return;
      if (may) this.#wait();
      else this.#running = false;
    };
    // Not being able to find out is no reason to give up.
    this.#options.mayContinue(cutOff).then(go, () => go(true));
  }

  #wait(): void {
    const millis = fullJitter(this.#failures, this.#options.random());
    this.#failures += 1;
    this.#timer = this.#options.timers.set(() => {
      this.#timer = null;
      this.#connect();
    }, millis);
  }

  #drop(): void {
    const wire = this.#wire;
    this.#wire = null;
    if (!wire) return;
    wire.onmessage = null;
    wire.onclose = null;
    wire.close(1000);
  }

  #clearTimer(): void {
    if (this.#timer !== null) this.#options.timers.clear(this.#timer);
    this.#timer = null;
  }
}

/** A browser's socket to the server that this page came from. */
export function browserWire(address: string): Wire {
  const url = new URL(address, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url) as unknown as Wire;
}
