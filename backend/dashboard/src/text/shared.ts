/** Words that several pages behind the log-in share. */

import { german } from "./de/shared";
import { inLanguage } from "./language";

export const english = {
  cancel: "Cancel",
  messages: "Messages",
  close: "Close",
  save: "Save",
  saved: "Saved.",
  more: "Show more",
  sort: "Sort by",
  sortBy: (column: string) => `Sort by ${column}`,
  loading: "Loading…",
  offline: "You are offline, and this was not opened before.",
  offlineHint: "It comes by itself once there is a network again.",
  failed: "This could not be loaded",
  failedAgain: (time: string) => `Not brought up to date: what you see is from ${time}`,
  noName: "No name",
  itOnServer: "IT, on the server",
  someoneErased: "A person who was erased",
  nobody: "Nobody",
  never: "Never",
  everyDay: "Every day",
  dayRange: (first: string, last: string) => `${first} to ${last}`,
  you: "you",
  shownOnce: "It is shown only this once.",
  copyIt: (what: string) => `Copy ${what}`,
  sections: "Sections",
  language: "Language",
  password: {
    short: (missing: number) =>
      missing === 1 ? "One more character, please." : `${missing} more characters, please.`,
    long: "At most 128 characters.",
    hint: "At least 12 characters. A few unrelated words are easy to remember.",
    repeats: "Easy to guess: the same few characters again and again.",
    row: "Easy to guess: it follows the keyboard or counts on.",
    personal: "Easy to guess: it holds your name, your address or your organization.",
    common: "Easy to guess: it begins with a word that everyone tries first.",
    fair: "Good enough. A further word would make it strong.",
    strong: "Strong.",
  },
} as const;

export const shared = inLanguage(english, german);
