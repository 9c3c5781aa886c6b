/**
 * What the server says of problems, in German. The server speaks English; what a program branches on
 * is the code, and so are these words. A detail that is not known here becomes the code's own, which
 * is true of every occurrence; a problem whose code is not known stays as it came.
 */

export interface ProblemText {
  title: string;
  detail: string;
}

/** By the code behind `urn:workpulse:problem:`. */
export const problems: { readonly [code: string]: ProblemText | undefined } = {
  malformed: {
    title: "Die Anfrage war nicht zu lesen",
    detail: "Es wurde nichts geändert. Laden Sie die Seite neu.",
  },
  unauthenticated: {
    title: "Nicht angemeldet",
    detail: "Melden Sie sich an und versuchen Sie es noch einmal.",
  },
  "login-failed": {
    title: "Anmeldung fehlgeschlagen",
    detail:
      "Die E-Mail oder das Passwort ist falsch, oder dieses Konto darf nicht benutzt werden. Es wurde nichts geändert.",
  },
  forbidden: {
    title: "Nicht erlaubt",
    detail: "Ihre Rolle erlaubt das nicht. Es wurde nichts geändert.",
  },
  suspended: {
    title: "Dieses Konto ist gesperrt",
    detail: "Fragen Sie in Ihrer Organisation jemanden aus der Administration.",
  },
  "device-revoked": {
    title: "Dieses Gerät ist gesperrt",
    detail: "Es wurde nichts geändert. Melden Sie den Computer als neues Gerät an.",
  },
  "device-pending": {
    title: "Dieses Gerät wartet auf Freigabe",
    detail: "Was es aufzeichnet, bleibt bis dahin erhalten.",
  },
  "not-found": {
    title: "Nicht gefunden",
    detail: "Es gibt das nicht, nicht mehr, oder Sie sehen es nicht.",
  },
  "method-not-allowed": {
    title: "Das geht hier nicht",
    detail: "Es wurde nichts geändert. Laden Sie die Seite neu.",
  },
  conflict: {
    title: "Etwas steht dem entgegen",
    detail:
      "Jemand war schneller, oder es verträgt sich nicht mit dem, was schon da ist. Es wurde nichts geändert; laden Sie die Seite neu.",
  },
  "organization-needed": {
    title: "Welche Organisation?",
    detail: "E-Mail und Passwort passen zu mehreren Organisationen. Wählen Sie eine aus.",
  },
  "token-spent": {
    title: "Das kann nicht mehr benutzt werden",
    detail: "Es ist abgelaufen, verbraucht oder zurückgenommen. Es wurde nichts geändert.",
  },
  "too-large": {
    title: "Zu groß",
    detail: "Es wurde nichts angenommen. Versuchen Sie es mit weniger.",
  },
  "unsupported-media": {
    title: "Dieses Format wird nicht gelesen",
    detail: "Es wurde nichts geändert. Laden Sie die Seite neu.",
  },
  "request-timeout": {
    title: "Die Anfrage hat zu lange gedauert",
    detail: "Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.",
  },
  validation: {
    title: "Einige Angaben stimmen nicht",
    detail: "Es wurde nichts geändert.",
  },
  "too-many-requests": {
    title: "Zu viele Anfragen",
    detail: "Es wurde nichts geändert. Warten Sie einen Augenblick.",
  },
  internal: {
    title: "Auf dem Server ging etwas schief",
    detail: "Mit der Anfrage-ID ist es in seinem Protokoll zu finden.",
  },
  unavailable: {
    title: "Gerade nicht verfügbar",
    detail: "Es ging nichts verloren. Versuchen Sie es gleich noch einmal.",
  },
};

/** Details that tell more than their code does, word for word as the server has them. */
export const details: { readonly [english: string]: string | undefined } = {
  "Nobody can register with this organization. Ask an admin for an invitation.":
    "In dieser Organisation kann man sich nicht selbst registrieren. Bitten Sie um eine Einladung.",
  "The file is not done yet. Ask again when its state says so.":
    "Die Datei ist noch nicht fertig. Holen Sie sie, sobald ihr Stand das sagt.",
  "The file could not be made; its error says why. Remove it, and ask for another.":
    "Die Datei konnte nicht erstellt werden; ihr Fehler sagt, warum. Löschen Sie sie und erstellen Sie eine neue.",
  "The file tells of somebody whom you do not see any more. Remove it, and ask for another.":
    "In der Datei steht jemand, den Sie nicht mehr sehen. Löschen Sie sie und erstellen Sie eine neue.",
  "The password was changed elsewhere at this moment. Log in again to see which one holds.":
    "Das Passwort wurde im selben Augenblick anderswo geändert. Melden Sie sich neu an, um zu sehen, welches gilt.",
  "The policy has changed since you read it. Nothing was changed; read it again.":
    "Die Regeln wurden inzwischen geändert. Ihre Änderung wurde nicht gespeichert; laden Sie die Seite neu.",
  "There is another note about some of this time, which was written since. Decline that one first; nothing was changed.":
    "Inzwischen gibt es über einen Teil dieser Zeit eine andere Notiz. Lehnen Sie zuerst jene ab; es wurde nichts geändert.",
  "This alert was resolved before, by itself or by somebody else. Nothing was changed, and your note was not kept.":
    "Dieser Hinweis war schon erledigt, von selbst oder durch jemand anderen. Es wurde nichts geändert, und Ihre Notiz wurde nicht gespeichert.",
  "This device has been revoked. Nothing was changed; enrol it as a new device.":
    "Dieses Gerät ist gesperrt. Es wurde nichts geändert; melden Sie es als neues Gerät an.",
  "This invitation has become an account. Nothing was changed; suspend the person instead.":
    "Aus dieser Einladung ist ein Konto geworden. Es wurde nichts geändert; sperren Sie stattdessen die Person.",
  "This is the organization's only admin: make another one first. Nothing was changed.":
    "Nur diese Person verwaltet die Organisation: Geben Sie zuerst jemand anderem diese Rolle. Es wurde nichts geändert.",
  "This note has been answered, and stays as it is. Where it was declined, you may write another about the same time.":
    "Diese Notiz ist beantwortet und bleibt, wie sie ist. Wurde sie abgelehnt, können Sie über dieselbe Zeit eine neue schreiben.",
  "This note was changed or answered since you read it. Nothing was kept: read it again.":
    "Diese Notiz wurde inzwischen geändert oder beantwortet. Nichts wurde gespeichert: Lesen Sie sie noch einmal.",
  "This note was changed since you read it. Nothing was answered: read it again.":
    "Diese Notiz wurde inzwischen geändert. Sie ist nicht beantwortet: Lesen Sie sie noch einmal.",
  "You have a note about some of this time already. Change that one, or choose another time; nothing was kept.":
    "Über einen Teil dieser Zeit haben Sie schon eine Notiz. Ändern Sie jene oder wählen Sie eine andere Zeit; nichts wurde gespeichert.",
};

/** What is said of one field, after its label: rules whose wording is the same in every form. */
export const fieldRules: readonly [RegExp, (...parts: string[]) => string][] = [
  [
    /^must have (\d+) to (\d+) characters$/,
    (least, most) => `muss ${least} bis ${most} Zeichen haben`,
  ],
  [/^must have at most (\d+) characters\b/, (most) => `darf höchstens ${most} Zeichen haben`],
  [/^must not have control characters$/, () => "darf keine Steuerzeichen enthalten"],
  [/^must be an e-mail address$/, () => "muss eine E-Mail-Adresse sein"],
  [/^must be ([\d,]+) to ([\d,]+)$/, (least, most) => `muss von ${least} bis ${most} reichen`],
  [/^must be 00:00 to 23:59$/, () => "muss zwischen 00:00 und 23:59 liegen"],
  [/^must (?:be|is) a day such as /, () => "muss ein Tag sein"],
  [/^must be a time that comes$/, () => "muss in der Zukunft liegen"],
  [/^must not be negative$/, () => "darf nicht negativ sein"],
  [/^must name at least one kind$/, () => "braucht mindestens eine Art"],
  [/^is not your password$/, () => "ist nicht Ihr Passwort"],
  [/^is not this person's address$/, () => "ist nicht die Adresse dieser Person"],
  [/^is not valid$/, () => "ist nicht gültig"],
  [/^must begin with https:\/\//, () => "muss mit https:// beginnen"],
];
