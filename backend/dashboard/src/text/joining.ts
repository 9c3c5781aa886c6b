/** Words of the pages behind links: joining, and getting back in. */
import { german } from "./de/joining";
import { inLanguage } from "./language";

export const english = {
  join: {
    title: "Join your team",
    titleOf: (organization: string) => `Join ${organization}`,
    invited: (email: string) => `You were invited as ${email}.`,
    until: (time: string) => `The invitation is good until ${time}.`,
    looking: "Looking at your invitation…",
    notUsable: "This invitation cannot be used",
    askAgain:
      "Ask the person who invited you for a new link. If you have joined already, log in instead.",
    toLogin: "Go to log-in",
    privacyTitle: "What will be collected, and who sees it",
    privacy: [
      "Once the agent runs on your computer, it notes when there is input and when there is none and, where your organization wants it, the application, window title or site in front: never what you type, and no pictures of your screen.",
      "You, your managers and the admins of your organization see it; you see exactly what they see, and who has looked.",
    ],
    name: "Your name",
    password: "Choose a password",
    submit: "Join",
    nameMissing: "Enter your name.",
    byIdLead:
      "Without an invitation you can join where an admin has opened registration. The organization’s ID comes from them.",
    organization: "Organization ID",
    email: "Your work e-mail",
    organizationMissing: "Enter the organization’s ID.",
    organizationShape: "An ID looks like 01930000-0000-7000-8000-00000000aaaa.",
    emailMissing: "Enter an e-mail address, such as maya@example.org.",
    continue: "Continue",
    askToJoin: "Ask to join",
    nextMail: {
      title: "Look into your mail",
      detail: (email: string) =>
        `If ${email} may join, a link to go on is on its way to it. It can take a few minutes.`,
    },
    nextApproval: {
      title: "An admin lets you in",
      detail:
        "Your request was received. Once an admin has approved it, you can log in with your e-mail and password.",
    },
  },
  forgot: {
    title: "Forgotten your password?",
    lead: "Enter your e-mail, and we send a link to set a new one.",
    email: "E-mail",
    submit: "Send the link",
    emailMissing: "Enter your e-mail address.",
    sentTitle: "Look into your mail",
    sent: (email: string) =>
      `If ${email} has an account here, a link to set a new password is on its way to it. It can take a few minutes.`,
    noMailTitle: "Ask an admin for a link",
    noMail:
      "This server sends no mail. An admin of your organization can make a link for you, under People, at your name.",
    back: "Back to log-in",
  },
  reset: {
    title: "Set a new password",
    lead: "All places where you are logged in are logged out by it.",
    password: "New password",
    submit: "Set password",
    notUsable: "This link cannot be used",
    askAgain: "Links work once, and not for long. Ask for a new one.",
    again: "Ask for a new link",
    noToken: "The link is not complete",
    noTokenDetail:
      "Open it once more from the mail, or copy all of it into the address bar. For your safety it is not kept when a page is loaded again.",
    doneTitle: "Your new password is set",
    done: "Log in with it. Everywhere else you have been logged out.",
    login: "Log in",
  },
} as const;

export const joining = inLanguage(english, german);
