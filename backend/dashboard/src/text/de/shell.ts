import type { Words } from "../language";
import type { english } from "../shell";

export const german: Words<typeof english> = {
  open: "Suche und Befehle",
  openShort: "Suche",
  more: "Menü",
  shortcut: (key) => `${key} K`,
  field: "Zu einer Seite oder Person gehen oder etwas tun",
  results: "Treffer",
  pages: "Seiten",
  people: "Personen",
  actions: "Aktionen",
  nothing: "Nichts passt",
  nothingHint: "Versuchen Sie den Namen einer Person, einer Seite oder einer Aktion.",
  found: (count) => (count === 1 ? "ein Treffer" : `${count} Treffer`),
  keys: "↑ ↓ wählt, Eingabe öffnet, Esc schließt",
  light: "Zu hell wechseln",
  dark: "Zu dunkel wechseln",
  system: "Hell oder dunkel wie das System",
  offline: "Sie sind offline.",
  away: "Der Server ist nicht zu erreichen.",
  offlineSince: (time) => `Was Sie sehen, ist von ${time}.`,
  offlineAge: (age) => `Das ist ${age} her.`,
  offlineKept: "Was Sie jetzt ändern, lässt sich nicht speichern.",
};
