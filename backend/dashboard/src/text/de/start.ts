import type { Words } from "../language";
import type { english } from "../start";

export const german: Words<typeof english> = {
  title: "Erste Schritte",
  lead: "Drei Schritte bis zur ersten Person auf der Live-Seite.",
  done: "Erledigt",
  organization: "Ihre Organisation",
  organizationDone: (name, zone) =>
    `${name} ist eingerichtet. Ihre Tage beginnen und enden in ${zone}.`,
  organizationMore: "Ansehen, was gesammelt wird",
  token: "Ein Token für den Computer",
  tokenLead:
    "Mit einem Token darf ein Computer Zeit an diese Organisation senden. Es wird nur einmal gezeigt.",
  whose: "Wessen Computer",
  mine: "Mein eigener, zum Ausprobieren",
  others: "Computer von Kolleginnen und Kollegen",
  othersHint:
    "Alle geben dabei ihre eigene E-Mail an und brauchen also ein Konto: Laden Sie sie davor oder danach ein.",
  make: "Token erstellen",
  again: "Noch ein Token erstellen",
  install: "Auf jenem Computer",
  installLead: "Installieren Sie den Agenten und melden Sie ihn mit dem Token an.",
  needsToken: "Erstellen Sie zuerst ein Token.",
  installAnother: "Die Befehle für einen weiteren Computer kommen mit seinem Token.",
  live: "Das erste Lebenszeichen",
  waiting: "Es wird auf einen Computer gewartet. Diese Seite merkt es von selbst.",
  pending: (count) =>
    count === 1
      ? "Ein Gerät wartet auf Ihre Freigabe."
      : `${count} Geräte warten auf Ihre Freigabe.`,
  approve: "Ansehen",
  reported: (name) => `${name} ist auf der Live-Seite.`,
  toLive: "Live-Seite öffnen",
  invite: "Personen einladen",
};
