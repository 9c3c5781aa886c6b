import type { english } from "../alerts";
import type { Words } from "../language";

export const german: Words<typeof english> = {
  title: "Hinweise",
  lead: "Wer lange keine Eingabe gemacht oder lange gearbeitet hat. Ein Hinweis endet von selbst, wenn das vorbei ist.",
  leadOwn:
    "Was zu Ihrer eigenen Zeit auffiel und was dazu vermerkt wurde, genau wie Ihre Führungskräfte es sehen.",
  open: (count) => `${count} offen`,
  openOf: (count) => (count === 1 ? "Ein offener Hinweis" : `${count} offene Hinweise`),
  kinds: { idle: "Keine Eingabe", overtime: "Langer Tag" },

  filter: {
    label: "Welche Hinweise",
    state: "Stand",
    states: { open: "Offen", resolved: "Erledigt", all: "Alle" },
    kind: "Worüber",
    anyKind: "Alles",
    person: "Person",
    anyPerson: "Alle",
    team: "Team",
    anyTeam: "Jedes Team",
    from: "Von",
    to: "Bis",
    clear: "Filter leeren",
  },

  idleSince: (length, time) => `Seit ${length} keine Eingabe, seit ${time}`,
  idleWas: (length, from, to) => `${length} keine Eingabe, ${from} bis ${to}`,
  overtime: (length, day) => `Hatte ${length} gearbeitet am ${day}`,
  noticed: "Bemerkt",
  quiet: "In der Ruhezeit: niemand wurde benachrichtigt",
  agent: {
    online: "Agent in Kontakt",
    silent: "Agent stumm: vielleicht das Netz, nicht die Person",
    onlineThen: "Agent war in Kontakt",
    silentThen: "Agent war stumm: vielleicht das Netz, nicht die Person",
    none: "Kein Agent",
  },
  goesOn: "Es dauert an",
  resolutions: {
    returned: "Von selbst beendet: wieder Eingaben",
    stopped: "Von selbst beendet: Sitzung beendet",
    day_over: "Von selbst beendet: Tag vorbei",
    by_hand: "Erledigt",
  },
  resolvedBy: (name) => `Erledigt von ${name}`,
  isOpen: "Offen",
  dayOf: (name) => `Tag von ${name}`,
  another: "Ihren eigenen erledigt eine andere Führungskraft oder ein Admin.",

  select: (name, what) => `${name} auswählen: ${what}`,
  selectAll: "Alle gezeigten auswählen",
  selected: (count) => (count === 0 ? "Keiner ausgewählt" : `${count} ausgewählt`),
  resolve: "Erledigen",
  resolveOf: (name, what) => `${name} erledigen: ${what}`,
  keys: "↑ ↓ durchgehen, Leertaste wählt, R erledigt",
  question: (count) => (count === 1 ? "Diesen Hinweis erledigen?" : `${count} Hinweise erledigen?`),
  detail:
    "Er verlässt den Eingang. Worum es geht, kann andauern; einen zweiten Hinweis gibt es dazu nicht.",
  note: "Vermerk",
  noteHint: "Die betroffene Person liest ihn auch.",
  notResolved: (count) =>
    count === 1
      ? "Dieser Hinweis wurde nicht erledigt. Er steht da wie zuvor."
      : `Keiner der ${count} Hinweise wurde erledigt. Sie stehen da wie zuvor.`,
  noteKept: (note) => `Ihr Vermerk: ${note}`,
  resolved: (count) => (count === 1 ? "Ein Hinweis erledigt." : `${count} Hinweise erledigt.`),
  before: (count) =>
    count === 1 ? "Einer war zuvor schon erledigt." : `${count} waren zuvor schon erledigt.`,

  empty: "Gerade braucht Sie niemand",
  emptyHint: "Ein neuer Hinweis steht hier, sobald etwas bemerkt wird.",
  emptyOwn: "Kein Hinweis zu Ihnen",
  emptyFiltered: "Kein Hinweis passt zu diesen Filtern",
  emptyMore: "Unter den bisher geladenen passt keiner. Ältere vielleicht.",
  shown: (count) => (count === 1 ? "ein Hinweis gezeigt" : `${count} Hinweise gezeigt`),

  toast: {
    region: "Neue Hinweise",
    many: (count) => `${count} neue Hinweise`,
    show: "Hinweise zeigen",
    dismiss: "Schließen",
  },

  signals: {
    title: "Neue Hinweise",
    lead: "Wie dieser Browser Sie außer auf der Seite benachrichtigt. Nur in diesem Browser gespeichert.",
    sound: "Einen Ton abspielen",
    soundHint: "Ein kurzer Ton, den Sie gleich hören.",
    notify: "Eine Mitteilung des Systems zeigen",
    notifyHint: "Während diese Seite im Hintergrund ist. Sie nennt die Person.",
    blocked:
      "Ihr Browser blockiert Mitteilungen dieser Seite. Erlauben Sie sie erst in seinen Einstellungen.",
    missing: "Dieser Browser zeigt keine Mitteilungen.",
    notKept: "Dieser Browser behält keine Einstellungen: Es gilt, bis die Seite geschlossen wird.",
  },
};
