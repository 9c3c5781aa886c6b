/** Words of a day that is drawn, of whomever it is. */
import { german } from "./de/day";
import { inLanguage, wordsOf } from "./language";

export const english = {
  lanes: wordsOf({
    sessions: "Sessions",
    activity: "Activity",
    alerts: "Alerts",
    notes: "Notes",
    applications: "Applications",
    sites: "Sites",
  }),
  kinds: wordsOf({
    session: "Session",
    active: "Active",
    idle: "Idle",
    unobserved: "Not observed",
    gap: "Nothing recorded",
    note: "Note",
    alert: "Alert",
  }),
  gaps: wordsOf({ no_session: "no session", not_reported: "not reported yet" }),
  title: "The day in lanes",
  keys: "Arrow keys walk from one stretch to the next, plus and minus zoom, 0 shows all, t leads to the table.",
  hint: "Point at a stretch to read it. Drag moves, Ctrl and wheel or two fingers zoom.",
  closer: "Zoom in",
  wider: "Zoom out",
  whole: "Whole day",
  earlier: "Earlier",
  later: "Later",
  noScore: "Nothing to share out yet",
  uses: "Where the time went",
  usesLead: (time: string) => `Of ${time} with input, by what was in front.`,
  usesPartly: "Not every stretch of this day is listed, so these are less than the totals.",
  usesTwice: "Time on two devices at once counts for both here.",
  onlyCategory: (name: string) => `Category: ${name} (nothing else is kept)`,
  applications: "Applications",
  sites: "Sites",
  others: (count: number) => (count === 1 ? "1 more" : `${count} more`),
  hours: (hours: number) => `The clock changes: this day has ${hours} hours.`,
  sessionsTitle: "Sessions",
  began: "Began",
  ended: "Ended",
  running: "running",
  person: {
    day: "Day",
    weeks: "Weeks",
    looks: "Who looked",
    looksAt: (name: string) => `Who looked at ${name}`,
    looksLead:
      "Every look at their activity by somebody else, as they read it themselves. Opening this list is not counted as one.",
    account: "Account",
    lead: "Their own page shows them the same, and that you looked.",
    nothingHint: "No device of theirs sent anything for it.",
    toDay: (name: string) => `Day of ${name}`,
  },
} as const;

export const day = inLanguage(english, german);
