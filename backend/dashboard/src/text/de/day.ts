import type { english } from "../day";
import type { Words } from "../language";

export const german: Words<typeof english> = {
  lanes: {
    sessions: "Sitzungen",
    activity: "Aktivität",
    applications: "Anwendungen",
    sites: "Websites",
  },
  kinds: {
    session: "Sitzung",
    active: "Aktiv",
    idle: "Ohne Eingabe",
    unobserved: "Nicht beobachtet",
    gap: "Nichts aufgezeichnet",
  },
  gaps: { no_session: "keine Sitzung", not_reported: "noch nicht gemeldet" },
  title: "Der Tag in Spuren",
  keys: "Pfeiltasten gehen von Abschnitt zu Abschnitt, Plus und Minus zoomen, 0 zeigt alles, t führt zur Tabelle.",
  hint: "Zeigen Sie auf einen Abschnitt, um ihn zu lesen. Ziehen verschiebt, Strg und Rad oder zwei Finger zoomen.",
  closer: "Vergrößern",
  wider: "Verkleinern",
  whole: "Ganzer Tag",
  earlier: "Früher",
  later: "Später",
  uses: "Wohin die Zeit ging",
  usesLead: (time) => `Von ${time} mit Eingabe, danach, was im Vordergrund war.`,
  usesPartly:
    "Nicht jeder Abschnitt dieses Tages ist aufgeführt; dies ist also weniger als die Summen.",
  usesTwice: "Zeit an zwei Geräten zugleich zählt hier für beide.",
  applications: "Anwendungen",
  sites: "Websites",
  others: (count) => (count === 1 ? "1 weitere" : `${count} weitere`),
  hours: (hours) => `Die Uhr wird umgestellt: Dieser Tag hat ${hours} Stunden.`,
  sessionsTitle: "Sitzungen",
  began: "Begann",
  ended: "Endete",
  running: "läuft",
  person: {
    day: "Tag",
    weeks: "Wochen",
    account: "Konto",
    lead: "Die eigene Seite der Person zeigt ihr dasselbe, und dass Sie nachgesehen haben.",
    nothingHint: "Keines der Geräte hat etwas dafür gesendet.",
    toDay: (name) => `Tag von ${name}`,
  },
};
