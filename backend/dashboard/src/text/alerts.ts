/** Words about alerts: the inbox, what arrives, and how this browser tells of it. */
import type { AlertKind, AlertResolution } from "../api/alerts";
import { german } from "./de/alerts";
import { inLanguage, wordsOf } from "./language";

export const english = {
  title: "Alerts",
  lead: "Who has given no input for long, or has worked for long. An alert ends by itself when that is over.",
  leadOwn:
    "What was noticed about your own time, and what was noted about it, exactly as your managers see it.",
  open: (count: string) => `${count} open`,
  openOf: (count: number) => (count === 1 ? "One open alert" : `${count} open alerts`),
  kinds: wordsOf<AlertKind>({ idle: "No input", overtime: "Long day" }),

  filter: {
    label: "Which alerts",
    state: "State",
    states: { open: "Open", resolved: "Resolved", all: "All" },
    kind: "About",
    anyKind: "Anything",
    person: "Person",
    anyPerson: "Everyone",
    team: "Team",
    anyTeam: "Every team",
    from: "From",
    to: "To",
    clear: "Clear filters",
  },

  idleSince: (length: string, time: string) => `No input for ${length}, since ${time}`,
  idleWas: (length: string, from: string, to: string) => `No input for ${length}, ${from} to ${to}`,
  overtime: (length: string, day: string) => `Had worked ${length} on ${day}`,
  noticed: "Noticed",
  quiet: "In quiet hours: nobody was told",
  agent: {
    online: "Agent in contact",
    silent: "Agent silent: perhaps the network, not the person",
    onlineThen: "Agent was in contact",
    silentThen: "Agent was silent: perhaps the network, not the person",
    none: "No agent",
  },
  goesOn: "It goes on",
  resolutions: wordsOf<AlertResolution>({
    returned: "Ended by itself: input again",
    stopped: "Ended by itself: the session ended",
    day_over: "Ended by itself: the day is over",
    by_hand: "Resolved",
  }),
  resolvedBy: (name: string) => `Resolved by ${name}`,
  isOpen: "Open",
  dayOf: (name: string) => `Day of ${name}`,
  another: "Another manager or an admin resolves your own.",

  select: (name: string, what: string) => `Select ${name}: ${what}`,
  selectAll: "Select all shown",
  selected: (count: number) => (count === 0 ? "None selected" : `${count} selected`),
  resolve: "Resolve",
  resolveOf: (name: string, what: string) => `Resolve ${name}: ${what}`,
  keys: "↑ ↓ to go through, Space to select, R to resolve",
  question: (count: number) => (count === 1 ? "Resolve this alert?" : `Resolve ${count} alerts?`),
  detail: "It leaves the inbox. What it is about may go on; it brings no second alert.",
  note: "Note",
  noteHint: "The person concerned reads it too.",
  notResolved: (count: number) =>
    count === 1
      ? "This alert was not resolved. It stands as before."
      : `None of the ${count} alerts was resolved. They stand as before.`,
  noteKept: (note: string) => `Your note: ${note}`,
  resolved: (count: number) => (count === 1 ? "One alert resolved." : `${count} alerts resolved.`),
  before: (count: number) =>
    count === 1 ? "One had been resolved before." : `${count} had been resolved before.`,

  empty: "Nobody needs you just now",
  emptyHint: "A new alert stands here as soon as it is noticed.",
  emptyOwn: "No alert about you",
  emptyFiltered: "No alert fits these filters",
  emptyMore: "None among those loaded so far fits. Older ones may.",
  shown: (count: number) => (count === 1 ? "one alert shown" : `${count} alerts shown`),

  toast: {
    region: "New alerts",
    many: (count: number) => `${count} new alerts`,
    show: "Show alerts",
    dismiss: "Dismiss",
  },

  signals: {
    title: "New alerts",
    lead: "How this browser tells you, besides the note on the page. Kept in this browser only.",
    sound: "Play a sound",
    soundHint: "A short tone, which you hear now.",
    notify: "Show a notification of the system",
    notifyHint: "While this page is in the background. It names the person.",
    blocked: "Your browser blocks notifications of this page. Allow them in its settings first.",
    missing: "This browser shows no notifications.",
    notKept: "This browser keeps no settings: it holds until the page is closed.",
  },
} as const;

export const alerts = inLanguage(english, german);
