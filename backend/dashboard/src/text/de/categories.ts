import type { english } from "../categories";
import type { Words } from "../language";

export const german: Words<typeof english> = {
  pageTitle: "Kategorien",
  pageLead: "Wofür Anwendungen und Websites stehen und als was die Zeit darin in Berichten zählt.",
  kinds: { productive: "Produktiv", neutral: "Neutral", unproductive: "Unproduktiv" },

  listTitle: "Kategorien",
  listLead: "Als was eine Kategorie zählt, gilt sofort, auch für vergangene Tage.",
  empty: "Noch keine Kategorien",
  emptyHint: "Legen Sie eine an und sagen Sie mit einer Regel, was dazugehört.",
  name: "Name",
  nameMissing: "Geben Sie einen Namen an.",
  kind: "Zählt als",
  kindHint: "Gilt sofort, auch in Berichten über vergangene Tage.",
  rulesHead: "Regeln",
  deeds: "Ändern oder entfernen",
  add: "Kategorie hinzufügen",
  make: "Hinzufügen",
  save: "Speichern",
  changeTitle: "Kategorie ändern",
  change: "Ändern",
  changeOf: (name) => `${name} ändern`,
  remove: "Entfernen",
  removeOf: (name) => `${name} entfernen`,
  removeTitle: (name) => `„${name}“ entfernen?`,
  removeDetail: "Was Titel dort eingeordnet hatten, ist dann in keiner Kategorie.",
  removeInUse: (rules) =>
    rules === 1
      ? "Eine Regel ordnet noch etwas dort ein. Nehmen Sie diese Regel zuerst heraus und speichern Sie."
      : `${rules} Regeln ordnen noch etwas dort ein. Nehmen Sie diese zuerst heraus und speichern Sie.`,

  rulesTitle: "Regeln",
  rulesLead:
    "Von oben nach unten entscheidet die erste Regel, die passt. Eine Regel mit mehreren Teilen passt, wo alle passen.",
  restHint: "Worauf keine Regel passt, das ist in keiner Kategorie.",
  noRules: "Keine Regeln: Alles ist in keiner Kategorie.",
  ruleAdd: "Regel hinzufügen",
  ruleChange: "Regel ändern",
  ruleLead: "Nennen Sie mindestens eines der drei. Groß und klein sind gleich.",
  ruleMissing: "Nennen Sie eine Anwendung, eine Website oder einen Titel.",
  rulePut: "Regel hinzufügen",
  ruleKeep: "Übernehmen",
  application: "Anwendung",
  applicationHint:
    "Der ganze Name; * steht für beliebige Zeichen, ? für eines. Etwa Visual Studio*",
  domain: "Website",
  domainHint: "Mit allem darunter, etwa example.org",
  title: "Titel",
  titleHint:
    "Der ganze Titel, mit * und ?. Eine Regel nach Titel entscheidet, was ab dann ankommt: Summen vergangener Tage enthalten keine Titel.",
  into: "Kategorie",
  gone: "eine Kategorie, die es nicht mehr gibt",
  none: "keine",
  up: (place) => `Regel ${place} nach oben`,
  down: (place) => `Regel ${place} nach unten`,
  changeRule: (place) => `Regel ${place} ändern`,
  removeRule: (place) => `Regel ${place} entfernen`,
  saveRules: "Regeln speichern",
  discard: "Änderungen verwerfen",
  unsaved: "Änderungen sind noch nicht gespeichert.",
  saved: "Gespeichert. Was ankommt, folgt diesen Regeln sofort; vergangene Tage folgen nach.",
  refusedRule: (place, part, message) => `Regel ${place}: ${part} ${message}.`,
  notSaved: "Die Regeln wurden nicht gespeichert",
  faster: "Jemand anderes hat inzwischen Regeln gespeichert",
  theirs: "Deren Regeln nehmen, meine verwerfen",
  mine: "Meine behalten und über deren speichern",

  applied: "Die Summen aller vergangenen Tage folgen diesen Regeln.",
  waiting: "Vergangene Tage folgen den neuen Regeln binnen einer Minute.",
  running: (done, people) =>
    `Vergangene Tage folgen den neuen Regeln nach: ${done} von ${people} Personen.`,
  movedSoFar: (time) => `${time} sind in eine andere Kategorie gekommen.`,
  progress: "Wie weit vergangene Tage den Regeln folgen",

  tryTitle: "Ausprobieren",
  tryLead:
    "Was diese Regeln, gespeichert oder nicht, aus dem zuletzt Genutzten machen würden. Es zeigt, was Personen genutzt haben; sie können also lesen, dass Sie nachgesehen haben.",
  tryDays: "An",
  lastDays: (days) => `den letzten ${days} Tagen`,
  tryOut: "Ausprobieren",
  notTried: "Die Regeln konnten nicht ausprobiert werden",
  old: "Mit den Regeln vor Ihrer letzten Änderung:",
  tried: (from, to, worked, moved) =>
    `${from} bis ${to}: Von ${worked} Arbeitszeit kämen ${moved} in eine andere Kategorie.`,
  byTitle: (time) =>
    `${time} wurden bei der Ankunft nach Titel entschieden und bleiben, wo sie sind.`,
  byRule: "Was jede Regel entscheidet",
  ruleHead: "Regel",
  decides: "Entscheidet",
  fromThenOn: "ab dann",
  moves: "Was sich verschieben würde",
  used: "Anwendung oder Website",
  unknown: "nicht bekannt",
  before: "Jetzt",
  after: "Dann",
  worked: "Arbeitszeit",
  leftOut: (count) =>
    count === 1 ? "1 weitere würde sich verschieben." : `${count} weitere würden sich verschieben.`,
};
