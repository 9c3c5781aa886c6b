/** Wochen und Monate einer Person, auf Deutsch. */
import type { Words } from "../language";
import type { english } from "../weeks";

export const german: Words<typeof english> = {
  title: "Wochen",
  lead: "Was die Tage zusammen ergeben. Jede Zahl lässt sich bis zu ihren Minuten öffnen.",
  of: (name) => `Wochen von ${name}`,
  span: "Zeigen",
  spans: { week: "Woche", month: "Monat" },
  before: { week: "Woche davor", month: "Monat davor" },
  after: { week: "Woche danach", month: "Monat danach" },
  than: {
    week: (change) => `${change} gegenüber der Woche davor`,
    month: (change) => `${change} gegenüber den Tagen davor`,
  },
  how: "Wie der Anteil entsteht",
  explained: (active, worked, share) =>
    `${active} mit Eingabe, von ${worked} mit und ohne Eingabe: ${share}.`,
  unobservedCounts:
    "Ohne Eingabe heißt nicht, dass niemand gearbeitet hat. Nicht beobachtete Zeit zählt auf keiner Seite.",
  nothing: "In diesen Tagen wurde nichts aufgezeichnet",
  nothingHint: "Gehen Sie zu einer anderen Woche, oder warten Sie, bis ein Gerät Minuten sendet.",
  applications: "Anwendungen",
  categories: "Kategorien",
  sites: "Websites",
  noneKnown: "In diesen Tagen ist keine bekannt.",
  table: "Tage",
  emptyDay: (day) => `${day}: nichts aufgezeichnet`,
  dayFigures: (day, active, idle, unobserved) =>
    `${day}: ${active} aktiv, ${idle} ohne Eingabe, ${unobserved} nicht beobachtet`,
};
