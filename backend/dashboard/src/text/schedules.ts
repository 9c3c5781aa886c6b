/** Words about reports that are made again and again. */
import type { Every } from "../api/schedules";
import { german } from "./de/schedules";
import { inLanguage, wordsOf } from "./language";

export const english = {
  title: "Made again and again",
  lead: "Each time the file stands above, and a mail says so where you want it. It holds a link, and nothing of the report.",
  leadNoMail:
    "Each time the file stands above. This server sends no mail: whoever runs it can set that up.",
  empty: "Nothing is made by itself yet.",
  add: "New schedule",
  name: "Name",
  firstName: "The week before",
  nameMissing: "Give it a name.",
  times: "When, and of which days",
  state: "State",
  next: "Next",
  last: "Last",
  off: "Paused",
  byMail: "Told by mail",
  daily: (at: string) => `Each day at ${at}, of the day before`,
  weekly: (weekday: string, at: string) => `Each ${weekday} at ${at}, of the seven days before`,
  monthly: (at: string) => `On the first of each month at ${at}, of the month before`,
  every: "How often",
  everies: wordsOf<Every>({ day: "Each day", week: "Each week", month: "Each month" }),
  weekday: "On",
  at: "At",
  atMissing: "Enter a time.",
  tell: "Tell me by mail",
  tellHint: "With a link to this page.",
  noMail: "This server sends no mail.",
  make: "Make it so",
  save: "Save",
  change: "Change",
  changeTitle: "Change schedule",
  changeIt: (name: string) => `Change ${name}`,
  pause: "Pause",
  pauseIt: (name: string) => `Pause ${name}`,
  resume: "Resume",
  resumeIt: (name: string) => `Resume ${name}`,
  removing: "Delete this schedule?",
  removingHint: "Files that it has made stay until they go.",
} as const;

export const schedules = inLanguage(english, german);
