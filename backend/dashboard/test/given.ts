/** People, snapshots and events for tests; each call says only what matters to it. */
import type { Alert } from "../src/api/alerts";
import type { LiveEvent, Me, PersonState, PresenceSnapshot } from "../src/api/types";

export const NOW = Date.parse("2026-11-18T13:20:00.000Z");

export function iso(millis: number): string {
  return new Date(millis).toISOString();
}

export function person(id: string, change: Partial<PersonState> = {}): PersonState {
  return {
    user_id: id,
    name: `Person ${id}`,
    status: "active",
    reason: null,
    online: true,
    application: "Figma",
    since: iso(NOW - 90_000),
    session: null,
    today: { active_seconds: 3600, idle_seconds: 600, unobserved_seconds: 0 },
    hours: {
      first_hour: 9,
      active_seconds: [2400, 1200],
      idle_seconds: [600, 0],
      unobserved_seconds: [0, 0],
    },
    last_contact_at: iso(NOW - 10_000),
    ...change,
  };
}

export function snapshot(
  people: PersonState[],
  change: Partial<PresenceSnapshot> = {},
): PresenceSnapshot {
  return {
    seq: 10,
    server_time: iso(NOW),
    time_zone: "Europe/Berlin",
    day: "2026-11-18",
    people,
    ...change,
  };
}

export function update(seq: number, people: PersonState[]): LiveEvent {
  return { seq, at: iso(NOW), event: { type: "SESSION_UPDATE", data: { people } } };
}

export const manager: Me = {
  user_id: "me",
  name: "Robin Castellanos",
  email: "robin@northwind.example",
  role: "manager",
  organization: { id: "org", name: "Northwind Studio", time_zone: "Europe/Berlin" },
};

export function alert(id: string, change: Partial<Alert> = {}): Alert {
  return {
    id,
    user_id: "maya",
    user_name: "Maya Lindqvist",
    kind: "idle",
    state: "open",
    message: "Maya Lindqvist has given no input for 5 min.",
    opened_at: iso(NOW - 600_000),
    seconds: 300,
    since: iso(NOW - 900_000),
    agent_online: true,
    quiet: false,
    ...change,
  };
}
