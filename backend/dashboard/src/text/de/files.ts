import type { english } from "../files";
import { number, type Words } from "../language";

export const german: Words<typeof english> = {
  tab: "Dateien",
  title: "Dateien aus Berichten",
  lead: "Berichte jeder Größe, und Aktivität Abschnitt für Abschnitt. Sie entstehen, während Sie etwas anderes tun, und werden nach sieben Tagen entfernt.",
  add: "Neue Datei",
  empty: "Noch keine Dateien",
  emptyHint: "Worum Sie bitten, entsteht inzwischen und wartet hier auf Sie.",
  what: "Was",
  asked: "Erbeten",
  state: "Stand",
  download: "Herunterladen",
  remove: "Löschen",
  removeIt: (name) => `${name} löschen`,
  downloadIt: (name) => `${name} herunterladen`,
  removing: "Diese Datei löschen?",
  removingHint: "Woraus sie entsteht, bleibt. Sie kann wieder erbeten werden.",
  states: {
    waiting: "Wartet",
    running: "Entsteht",
    done: "Fertig",
    failed: "Gescheitert",
  },
  rows: (done, all) =>
    all === null ? `${number(done)} Zeilen` : `${number(done)} von ${number(all)} Zeilen`,
  until: "bis",
  progress: "Geschriebene Zeilen",
  content: "Inhalt",
  contents: { report: "Bericht", activity: "Aktivität, Abschnitt für Abschnitt" },
  reportBy: (group) => `Bericht nach ${group}`,
  format: "Format",
  formats: { csv: "CSV", xlsx: "Excel", pdf: "PDF" },
  noDays: "Wählen Sie beide Tage, den ersten zuerst.",
  tooManyDays: "Höchstens 366 Tage Aktivität in einer Datei.",
  make: "Erzeugen",
  size: (bytes) =>
    bytes < 1_000_000
      ? `${number(Math.max(1, Math.round(bytes / 1000)))} kB`
      : `${number(Math.round(bytes / 100_000) / 10)} MB`,
};
