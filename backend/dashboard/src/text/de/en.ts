import type { english } from "../en";
import type { Words } from "../language";

export const german: Words<typeof english> = {
  product: "WorkPulse",
  pageTitle: (page) => `${page} · WorkPulse`,
  starting: "Startet …",
  skipToContent: "Zum Inhalt springen",
  retry: "Noch einmal versuchen",
  copy: "Kopieren",
  copied: "Kopiert",
  showPassword: "Eingabe zeigen",

  nav: {
    label: "Hauptmenü",
    live: "Live",
    people: "Personen",
    reports: "Berichte",
    alerts: "Hinweise",
    projects: "Projekte",
    settings: "Einstellungen",
    me: "Ich",
  },

  account: {
    menu: (name) => `Konto von ${name}`,
    role: { admin: "Admin", manager: "Führungskraft", employee: "Mitarbeitende" },
    appearance: "Darstellung",
    light: "Hell",
    dark: "Dunkel",
    system: "System",
    logOut: "Abmelden",
    logOutFailed:
      "Sie sind noch angemeldet: Der Server war nicht zu erreichen. Versuchen Sie es noch einmal.",
  },

  login: {
    title: "Anmelden",
    email: "E-Mail",
    password: "Passwort",
    organization: "Organisations-ID",
    organizationHint:
      "E-Mail und Passwort passen zu mehreren Organisationen. Ihr Admin kennt die ID.",
    submit: "Anmelden",
    ended: "Sie wurden abgemeldet. Melden Sie sich an, um fortzufahren, wo Sie waren.",
    emailMissing: "Geben Sie Ihre E-Mail-Adresse ein.",
    passwordMissing: "Geben Sie Ihr Passwort ein.",
    forgotten: "Passwort vergessen?",
    joined: "Sie sind beigetreten. Melden Sie sich mit Ihrem neuen Passwort an.",
  },

  setup: {
    title: "WorkPulse einrichten",
    lead: "Dieser Server ist neu. Benennen Sie Ihre Organisation und legen Sie das erste Admin-Konto an.",
    organizationSection: "Organisation",
    organization: "Name der Organisation",
    timeZone: "Zeitzone",
    timeZoneHint: "Tage beginnen und enden in dieser Zone.",
    timeZoneNothing: "Keine solche Zone",
    adminSection: "Ihr Konto",
    name: "Ihr Name",
    email: "E-Mail",
    password: "Passwort",
    passwordHint: "Mindestens 12 Zeichen. Einige Wörter ohne Zusammenhang sind leicht zu merken.",
    code: "Einrichtungscode",
    codeHint:
      "Er steht im Protokoll des Servers, weil dieser Server von anderen Rechnern zu erreichen ist.",
    submit: "Organisation anlegen",
    organizationMissing: "Benennen Sie Ihre Organisation.",
    timeZoneMissing: "Wählen Sie eine Zeitzone.",
    nameMissing: "Geben Sie Ihren Namen ein.",
    emailMissing: "Geben Sie eine E-Mail-Adresse ein, etwa maya@example.org.",
    passwordShort: (missing) =>
      missing === 1 ? "Bitte noch ein Zeichen." : `Bitte noch ${missing} Zeichen.`,
    passwordLong: "Höchstens 128 Zeichen.",
    codeMissing: "Geben Sie den Code aus dem Protokoll des Servers ein.",
    madeButNotLoggedIn: "Ihre Organisation ist angelegt. Melden Sie sich mit Ihrem neuen Konto an.",
  },

  problem: {
    stopped: "Diese Seite konnte nicht gezeigt werden",
    requestId: "Anfrage-ID",
    copyRequestId: "Anfrage-ID kopieren",
    network: {
      title: "Der Server ist nicht zu erreichen",
      detail: "Nichts wurde geändert. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.",
    },
    unreadable: {
      title: "Die Antwort war nicht zu lesen",
      detail:
        "Etwas zwischen diesem Browser und dem Server hat anstelle von WorkPulse geantwortet. Was Sie sehen, wurde nicht geändert.",
    },
    crash: {
      title: "Diese Seite ist stehen geblieben",
      detail: "Auf dem Server ging nichts verloren. Laden Sie die Seite neu, um fortzufahren.",
    },
    retryIn: (time) => `In ${time} können Sie es noch einmal versuchen.`,
  },

  notFound: {
    title: "Diese Seite gibt es nicht",
    detail: "Vielleicht ist die Adresse falsch geschrieben oder die Seite umgezogen.",
    back: "Zur Startseite",
  },

  notForYou: {
    title: "Diese Seite ist nicht für Ihre Rolle",
    detail: "Ihre Rolle öffnet sie nicht. Ein Admin Ihrer Organisation kann Ihre Rolle ändern.",
  },

  status: {
    active: "Aktiv",
    idle: "Ohne Eingabe",
    unobserved: "Nicht beobachtet",
    offline: "Offline",
    not_working: "Arbeitet nicht",
  },

  reason: {
    locked: "Bildschirm gesperrt",
    asleep: "im Ruhezustand",
    paused: "pausiert",
    no_capture: "Arbeitsfläche nicht lesbar",
    clock_suspect: "Uhr zweifelhaft",
    not_running: "Agent läuft nicht",
  },

  unit: {
    hour: "h",
    minute: "min",
    second: "s",
    millisecond: "ms",
    days: (days) => `${days} Tage`,
  },

  live: {
    title: "Live",
    people: "Personen",
    columns: {
      person: "Person",
      state: "Zustand",
      application: "Anwendung",
      today: "Heute",
      contact: "Letzter Kontakt",
    },
    ownDay: "Sie sehen hier Ihren eigenen Tag, genau wie Ihre Organisation ihn sieht.",
    filterLabel: "Nur zeigen",
    all: "Alle",
    search: "Personen und Anwendungen suchen",
    searchShort: "Suchen",
    clearSearch: "Suche leeren",
    sort: "Sortieren nach",
    sortAttention: "Braucht Aufmerksamkeit",
    sortName: "Name",
    group: "Gruppieren",
    grouping: {
      none: "Ohne Gruppen",
      team: "Nach Team",
      project: "Nach Projekt",
      status: "Nach Zustand",
    },
    groups: {
      no_team: "In keinem Team",
      no_project: "An keinem Projekt",
      other_project: "An einem anderen Projekt",
      not_working: "Arbeitet nicht",
    },
    groupCount: (people) => (people === 1 ? "1 Person" : `${people} Personen`),
    groupWorking: (working, people) => `${working} von ${people} arbeiten`,
    groupsFailed: "Teams und Projekte konnten nicht geladen werden",
    look: "Zeigen als",
    looks: { rows: "Zeilen", cards: "Karten" },
    shown: (shown, all) => `${shown} von ${all} Personen gezeigt`,
    noName: "Ohne Namen",
    noApplication: "Keine Anwendung gezeigt",
    since: (time) => `seit ${time}`,
    active: "aktiv",
    idle: "ohne Eingabe",
    unobserved: "nicht beobachtet",
    nothingToday: "Heute nichts aufgezeichnet",
    hours: "Nach Stunde",
    byHour: (hour, minutes) => `Aktive Minuten je Stunde ab ${hour}:00: ${minutes.join(", ")}`,
    accounted: (percent) => `${percent} erfasst`,
    accountedUntil: (percent, time) => `${percent} erfasst bis ${time}`,
    never: "Noch kein Gerät",
    ago: (duration) => `vor ${duration}`,
    now: "Gerade eben",
    inContact: "In Kontakt",
    loading: "Personen werden geladen …",
    failed: "Die Live-Ansicht konnte nicht geladen werden",
    nobodyMatches: "Niemand passt",
    nobodyMatchesHint: "Auf diese Suche und diese Zustände passt gerade niemand.",
    showEveryone: "Alle zeigen",
    empty: {
      title: "Noch ist niemand hier",
      noDevice: "Noch hat sich kein Gerät gemeldet",
      lead: "Melden Sie das erste Gerät an; diese Seite füllt sich, sobald es Daten sendet.",
      start: "Das erste Gerät einrichten",
      askAdmin:
        "Ein Admin Ihrer Organisation kann das erste Gerät anmelden. Diese Seite füllt sich von selbst.",
    },
    connection: {
      inContact: "Auf die Sekunde genau",
      liveHint: "Änderungen erscheinen hier, sobald sie den Server erreichen.",
      lost: "Verbindung verloren.",
      staleSince: (time, age) =>
        `Sie sehen den Stand von ${time}, vor ${age}. Nichts geht verloren: Die Seite holt von selbst auf.`,
      staleMoment: (time) =>
        `Sie sehen den Stand von ${time}. Nichts geht verloren: Die Seite holt von selbst auf.`,
      tryNow: "Jetzt verbinden",
    },
    dayOtherZone: (zone) => `Tag in ${zone}`,
  },
};
