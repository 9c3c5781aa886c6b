/** Words of the frame: the command palette, the phone's menu, being offline. */
import { german } from "./de/shell";
import { inLanguage } from "./language";

export const english = {
  open: "Search and commands",
  openShort: "Search",
  more: "Menu",
  shortcut: (key: string) => `${key} K`,
  field: "Go to a page or a person, or do something",
  results: "Results",
  pages: "Pages",
  people: "People",
  actions: "Actions",
  nothing: "Nothing fits",
  nothingHint: "Try the name of a person, a page or an action.",
  found: (count: number) => (count === 1 ? "one result" : `${count} results`),
  keys: "↑ ↓ to choose, Enter to go, Esc to close",
  light: "Switch to light",
  dark: "Switch to dark",
  system: "Light or dark as the system has it",
  offline: "You are offline.",
  away: "The server cannot be reached.",
  offlineSince: (time: string) => `What you see is from ${time}.`,
  offlineAge: (age: string) => `That is ${age} ago.`,
  offlineKept: "What you change now cannot be saved.",
} as const;

export const shell = inLanguage(english, german);
