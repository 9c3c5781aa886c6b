import fc from "fast-check";
import { expect, it } from "vitest";
import { update } from "../../test/given";
import { parseFrame } from "./frame";

it("reads the three frames", () => {
  const event = update(11, []);
  expect(parseFrame(JSON.stringify({ frame: "event", event }))).toEqual({ frame: "event", event });
  expect(parseFrame('{"frame":"reset","seq":4}')).toEqual({ frame: "reset", seq: 4 });
  expect(parseFrame('{"frame":"hello","seq":4,"server_time":"x"}')?.frame).toBe("hello");
});

it.each([
  ["binary", new ArrayBuffer(2)],
  ["no JSON", "<html>"],
  ["no frame", "{}"],
  ["an unknown frame", '{"frame":"later","seq":1}'],
  ["an event without people", '{"frame":"event","event":{"seq":1,"event":{"type":"USER_ONLINE"}}}'],
  ["a number as text", '{"frame":"reset","seq":"4"}'],
])("%s is nothing", (_what, data) => {
  expect(parseFrame(data)).toBeNull();
});

it("no text makes it throw", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseFrame(text)));
});
