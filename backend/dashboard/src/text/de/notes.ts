import type { Words } from "../language";
import type { english } from "../notes";

export const german: Words<typeof english> = {
  pageTitle: "Anmerkungen",
  pageLead:
    "Was Personen zu Zeit sagen, die leer oder ohne Eingabe aussieht. Nichts Beobachtetes ändert sich dadurch; Ihre Antwort wird gelesen.",
  pageLeadOwn:
    "Was Sie zu Ihrer eigenen Zeit gesagt haben und was geantwortet wurde. Eine Anmerkung schreiben Sie an ihrem Tag.",
  state: "Stand",
  filters: {
    open: "Zu beantworten",
    accepted: "Angenommen",
    declined: "Abgelehnt",
    all: "Alle",
  },
  nothing: "Keine Anmerkungen",
  nothingOpen: "Nichts zu beantworten",
  nothingHint: "Was jemand zu einem eigenen Tag schreibt, kommt hier an.",
  nothingHintOwn: "Auf der Seite eines Tages können Sie sagen, was ein Abschnitt ohne Eingabe war.",

  title: "Anmerkungen",
  lead: "Was die Person zu diesem Tag sagt. Es steht neben dem Beobachteten und ändert keine Summe.",
  leadOwn:
    "Sagen Sie, was ein Abschnitt ohne Eingabe war. Es steht neben dem Beobachteten und ändert keine Summe; Ihre Führungskräfte lesen und beantworten es.",
  none: "Die Person hat zu diesem Tag nichts gesagt.",
  noneOwn: (count) =>
    count === 0
      ? "Sie haben zu diesem Tag nichts gesagt, und kein Abschnitt verlangt danach."
      : count === 1
        ? "Sie haben zu diesem Tag nichts gesagt. Ein Abschnitt ist ohne Eingabe."
        : `Sie haben zu diesem Tag nichts gesagt. ${count} Abschnitte sind ohne Eingabe.`,

  kinds: {
    work: "Arbeit abseits des Rechners",
    meeting: "Besprechung oder Anruf",
    break: "Pause",
    other: "Etwas anderes",
  },
  states: { open: "Nicht beantwortet", accepted: "Angenommen", declined: "Abgelehnt" },
  by: (state, name) => (state === "accepted" ? `Angenommen von ${name}` : `Abgelehnt von ${name}`),

  add: "Anmerkung schreiben",
  changeTitle: "Ihre Anmerkung ändern",
  stretch: "Zeit ohne Eingabe",
  silence: (from, to, length) => `${from} – ${to}; ${length}`,
  otherTime: "Eine andere Zeit",
  from: "Von",
  to: "Bis",
  timeMissing: "Geben Sie eine Zeit ein.",
  kind: "Was es war",
  text: "In Ihren Worten",
  textHint: "Freiwillig, höchstens 500 Zeichen. Wer diesen Tag sieht, liest es.",
  textMissing: "Sagen Sie, was es war.",
  send: "Anmerkung hinzufügen",
  keep: "Speichern",

  change: "Ändern",
  changeOf: (hours) => `Ihre Anmerkung zu ${hours} ändern`,
  takeBack: "Zurücknehmen",
  takeBackOf: (hours) => `Ihre Anmerkung zu ${hours} zurücknehmen`,
  takeBackTitle: "Diese Anmerkung zurücknehmen?",
  takeBackDetail: (hours) =>
    `Was Sie zu ${hours} gesagt haben, verschwindet; niemand beantwortet es.`,

  accept: "Annehmen",
  acceptOf: (name, hours) => `Annehmen, was ${name} zu ${hours} sagt`,
  acceptTitle: "Diese Anmerkung annehmen?",
  decline: "Ablehnen",
  declineOf: (name, hours) => `Ablehnen, was ${name} zu ${hours} sagt`,
  declineTitle: "Diese Anmerkung ablehnen?",
  about: (name, hours) => `${name}: ${hours}`,
  answer: "Ihre Antwort",
  answerHint: "Freiwillig, höchstens 500 Zeichen.",
  answerDetail:
    "Die Person liest Ihre Antwort und Ihren Namen. Keine Summe ändert sich; Sie können später anders antworten.",
};
