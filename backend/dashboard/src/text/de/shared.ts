import type { Words } from "../language";
import type { english } from "../shared";

export const german: Words<typeof english> = {
  cancel: "Abbrechen",
  close: "Schließen",
  save: "Speichern",
  saved: "Gespeichert.",
  more: "Mehr zeigen",
  sort: "Sortieren nach",
  sortBy: (column) => `Nach „${column}“ sortieren`,
  loading: "Lädt …",
  offline: "Sie sind offline, und das hier war noch nicht geöffnet.",
  offlineHint: "Es kommt von selbst, sobald wieder ein Netz da ist.",
  failed: "Das konnte nicht geladen werden",
  failedAgain: (time) => `Nicht auf dem neuesten Stand: Was Sie sehen, ist von ${time}`,
  noName: "Ohne Namen",
  itOnServer: "IT, auf dem Server",
  someoneErased: "Eine gelöschte Person",
  nobody: "Niemand",
  never: "Nie",
  you: "Sie",
  shownOnce: "Es wird nur dieses eine Mal gezeigt.",
  copyIt: (what) => `${what} kopieren`,
  sections: "Abschnitte",
  language: "Sprache",
  password: {
    short: (missing) =>
      missing === 1 ? "Bitte noch ein Zeichen." : `Bitte noch ${missing} Zeichen.`,
    long: "Höchstens 128 Zeichen.",
    hint: "Mindestens 12 Zeichen. Einige Wörter ohne Zusammenhang sind leicht zu merken.",
    repeats: "Leicht zu erraten: immer wieder dieselben Zeichen.",
    row: "Leicht zu erraten: Es folgt der Tastatur oder zählt weiter.",
    personal: "Leicht zu erraten: Es enthält Ihren Namen, Ihre Adresse oder Ihre Organisation.",
    common: "Leicht zu erraten: Es beginnt mit einem Wort, das alle zuerst versuchen.",
    fair: "Gut genug. Ein weiteres Wort würde es stark machen.",
    strong: "Stark.",
  },
};
