/** A socket whose other end is the test. */
import type { LiveEvent, ServerFrame } from "../src/api/types";
import type { Wire } from "../src/live/socket";
import { iso, NOW } from "./given";

export class TestWire implements Wire {
  readonly address: string;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((closed: { code: number }) => void) | null = null;
  closed = false;

  constructor(address: string) {
    this.address = address;
  }

  close(): void {
    this.closed = true;
  }

  send(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  sendRaw(data: unknown): void {
    this.onmessage?.({ data });
  }

  hello(seq = 10): void {
    this.send({ frame: "hello", seq, server_time: iso(NOW) });
  }

  event(event: LiveEvent): void {
    this.send({ frame: "event", event });
  }

  drop(code = 1006): void {
    this.closed = true;
    this.onclose?.({ code });
  }
}

/** Every socket that was opened, in order. */
export class TestWires {
  readonly all: TestWire[] = [];

  readonly open = (address: string): Wire => {
    const wire = new TestWire(address);
    this.all.push(wire);
    return wire;
  };

  get last(): TestWire {
    const wire = this.all.at(-1);
    if (!wire) throw new Error("no socket was opened");
    return wire;
  }
}
