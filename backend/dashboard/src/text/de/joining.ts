import type { english } from "../joining";
import type { Words } from "../language";

export const german: Words<typeof english> = {
  join: {
    title: "Ihrem Team beitreten",
    titleOf: (organization) => `${organization} beitreten`,
    invited: (email) => `Sie wurden als ${email} eingeladen.`,
    until: (time) => `Die Einladung gilt bis ${time}.`,
    looking: "Ihre Einladung wird gesucht …",
    notUsable: "Diese Einladung ist nicht zu gebrauchen",
    askAgain:
      "Bitten Sie die Person, die Sie eingeladen hat, um einen neuen Link. Sind Sie schon beigetreten, melden Sie sich an.",
    toLogin: "Zur Anmeldung",
    privacyTitle: "Was gesammelt wird und wer es sieht",
    privacy: [
      "Sobald der Agent auf Ihrem Computer läuft, hält er fest, wann es Eingaben gibt und wann nicht, und, wo Ihre Organisation es will, die Anwendung, den Fenstertitel oder die Seite im Vordergrund: nie, was Sie tippen, und keine Bilder Ihres Bildschirms.",
      "Sie, Ihre Führungskräfte und die Admins Ihrer Organisation sehen es. Sie sehen genau, was jene sehen, und wer nachgesehen hat.",
    ],
    name: "Ihr Name",
    password: "Wählen Sie ein Passwort",
    submit: "Beitreten",
    nameMissing: "Geben Sie Ihren Namen ein.",
    byIdLead:
      "Ohne Einladung können Sie beitreten, wo ein Admin die Registrierung geöffnet hat. Die ID der Organisation bekommen Sie dort.",
    organization: "Organisations-ID",
    email: "Ihre Arbeits-E-Mail",
    organizationMissing: "Geben Sie die ID der Organisation ein.",
    organizationShape: "Eine ID sieht aus wie 01930000-0000-7000-8000-00000000aaaa.",
    emailMissing: "Geben Sie eine E-Mail-Adresse ein, etwa maya@example.org.",
    continue: "Weiter",
    askToJoin: "Beitritt anfragen",
    nextMail: {
      title: "Sehen Sie in Ihre Mail",
      detail: (email) =>
        `Wenn ${email} beitreten darf, ist ein Link zum Fortfahren dorthin unterwegs. Das kann einige Minuten dauern.`,
    },
    nextApproval: {
      title: "Ein Admin lässt Sie herein",
      detail:
        "Ihre Anfrage ist eingegangen. Sobald ein Admin sie genehmigt hat, können Sie sich mit E-Mail und Passwort anmelden.",
    },
  },
  forgot: {
    title: "Passwort vergessen?",
    lead: "Geben Sie Ihre E-Mail ein; wir senden einen Link, um ein neues zu setzen.",
    email: "E-Mail",
    submit: "Link senden",
    emailMissing: "Geben Sie Ihre E-Mail-Adresse ein.",
    sentTitle: "Sehen Sie in Ihre Mail",
    sent: (email) =>
      `Wenn ${email} hier ein Konto hat, ist ein Link für ein neues Passwort dorthin unterwegs. Das kann einige Minuten dauern.`,
    noMailTitle: "Bitten Sie einen Admin um einen Link",
    noMail:
      "Dieser Server sendet keine Mail. Ein Admin Ihrer Organisation kann unter Personen, bei Ihrem Namen, einen Link für Sie erstellen.",
    back: "Zurück zur Anmeldung",
  },
  reset: {
    title: "Neues Passwort setzen",
    lead: "Überall, wo Sie angemeldet sind, werden Sie dadurch abgemeldet.",
    password: "Neues Passwort",
    submit: "Passwort setzen",
    notUsable: "Dieser Link ist nicht zu gebrauchen",
    askAgain: "Links gelten einmal und nicht lange. Fordern Sie einen neuen an.",
    again: "Neuen Link anfordern",
    noToken: "Der Link ist nicht vollständig",
    noTokenDetail:
      "Öffnen Sie ihn noch einmal aus der Mail, oder kopieren Sie ihn ganz in die Adresszeile. Zu Ihrer Sicherheit wird er nicht behalten, wenn eine Seite neu geladen wird.",
    doneTitle: "Ihr neues Passwort ist gesetzt",
    done: "Melden Sie sich damit an. Überall sonst wurden Sie abgemeldet.",
    login: "Anmelden",
  },
};
