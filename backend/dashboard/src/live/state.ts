/**
 * What is known about everyone, as pure functions: a snapshot and events go in, the next state
 * comes out. Must not know sockets, clocks or React.
 *
 * Invariants: a person's state never goes back to older news, whatever order events and snapshots
 * arrive in; applying anything twice changes nothing; `seq` never falls, except through `reset`.
 */
import type { LiveEvent, PersonState, PresenceSnapshot } from "../api/types";

interface Entry {
  person: PersonState;
  /** The event, or the snapshot, that this is from. */
  seq: number;
}

export interface LiveState {
  /** The highest event number that is reflected here: a reconnect asks for what follows it. */
  seq: number;
  people: ReadonlyMap<string, Entry>;
  /** IANA name of the zone that days are cut in. */
  timeZone: string;
  /** The organization's day that `today` speaks of, `YYYY-MM-DD`. */
  day: string;
}

/**
 * Takes a snapshot over. People of whom newer news came in the meantime keep it; everyone else who
 * is not in the snapshot is gone.
 */
export function applySnapshot(before: LiveState | null, snapshot: PresenceSnapshot): LiveState {
  const people = new Map<string, Entry>();
  for (const person of snapshot.people) {
    people.set(person.user_id, { person, seq: snapshot.seq });
  }
  for (const [id, entry] of before?.people ?? []) {
    if (entry.seq > snapshot.seq) people.set(id, entry);
  }
  return {
    seq: Math.max(before?.seq ?? 0, snapshot.seq),
    people,
    timeZone: snapshot.time_zone,
    day: snapshot.day,
  };
}

/**
 * Forgets which event each state is from, keeps the people: the server's log begins anew at `seq`
 * (it was restored, or it no longer reaches back), or the viewer now sees other people. The next
 * snapshot wins over all of it.
 */
export function forgetNumbers(before: LiveState, seq: number): LiveState {
  const people = new Map<string, Entry>();
  for (const [id, entry] of before.people) people.set(id, { person: entry.person, seq: 0 });
  return { ...before, seq, people };
}

/** Applies events in any order, any number of times. The same object comes back if none is news. */
export function applyEvents(before: LiveState, events: readonly LiveEvent[]): LiveState {
  let seq = before.seq;
  let people: Map<string, Entry> | null = null;
  for (const event of events) {
    seq = Math.max(seq, event.seq);
    for (const person of peopleIn(event)) {
      const known = (people ?? before.people).get(person.user_id);
      if (known && known.seq >= event.seq) continue;
      people ??= new Map(before.people);
      people.set(person.user_id, { person, seq: event.seq });
    }
  }
  if (people === null && seq === before.seq) return before;
  return { ...before, seq, people: people ?? before.people };
}

function peopleIn(event: LiveEvent): readonly PersonState[] {
  switch (event.event.type) {
    case "SESSION_UPDATE":
    case "USER_ONLINE":
    case "USER_OFFLINE":
      return event.event.data.people;
    default:
      // Alerts and policies change no state; a type from a newer server is not ours to guess.
      return [];
  }
}
