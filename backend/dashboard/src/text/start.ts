/** Words of the way from a new organization to its first computer. */
import { german } from "./de/start";
import { inLanguage } from "./language";

export const english = {
  title: "Get started",
  lead: "Three steps to the first person on the live page.",
  done: "Done",
  organization: "Your organization",
  organizationDone: (name: string, zone: string) =>
    `${name} is set up. Its days begin and end in ${zone}.`,
  organizationMore: "Look at what is collected",
  token: "A token for the computer",
  tokenLead: "A token lets a computer send time to this organization. It is shown only once.",
  whose: "Whose computer",
  mine: "My own, to try it out",
  others: "Computers of colleagues",
  othersHint:
    "Each of them names their own e-mail, so they need an account: invite them first, or after.",
  make: "Make token",
  again: "Make another token",
  install: "On that computer",
  installLead: "Install the agent, then enrol it with the token.",
  needsToken: "First make a token.",
  installAnother: "The commands for a further computer come with its token.",
  live: "The first sign of life",
  waiting: "Waiting for a computer to report. This page notices by itself.",
  pending: (count: number) =>
    count === 1
      ? "One device waits for your approval."
      : `${count} devices wait for your approval.`,
  approve: "Look at it",
  reported: (name: string) => `${name} is on the live page.`,
  toLive: "Open the live page",
  invite: "Invite people",
} as const;

export const start = inLanguage(english, german);
