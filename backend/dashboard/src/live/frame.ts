/** Reads what the server says over the socket. Whatever cannot be read is null, never an exception. */
import type { ServerFrame } from "../api/types";

export function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("frame" in value)) return null;
  switch (value.frame) {
    case "hello":
    case "reset":
      return hasSeq(value) ? (value as ServerFrame) : null;
    case "event":
      return "event" in value && isEvent(value.event) ? (value as ServerFrame) : null;
    default:
      return null;
  }
}

function hasSeq(value: object): boolean {
  return "seq" in value && typeof value.seq === "number";
}

function isEvent(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !hasSeq(value)) return false;
  if (!("event" in value) || typeof value.event !== "object" || value.event === null) return false;
  const body = value.event as { type?: unknown; data?: { people?: unknown } };
  if (typeof body.type !== "string") return false;
  const carriesPeople =
    body.type === "SESSION_UPDATE" || body.type === "USER_ONLINE" || body.type === "USER_OFFLINE";
  return !carriesPeople || Array.isArray(body.data?.people);
}
