/**
 * The words of the frame, of the pages before the log-in and of the live page, in English; the
 * neighbours of this module hold those of the other pages. Components hold no sentences of their
 * own, so another language is other modules of these shapes.
 */
import type { PersonStatus, UnobservedReason } from "../api/types";
import { german } from "./de/en";
import { inLanguage } from "./language";

export const english = {
  product: "WorkPulse",
  pageTitle: (page: string) => `${page} · WorkPulse`,
  starting: "Starting…",
  skipToContent: "Skip to content",
  retry: "Try again",
  copy: "Copy",
  copied: "Copied",
  showPassword: "Show what I type",

  nav: {
    label: "Main",
    live: "Live",
    people: "People",
    reports: "Reports",
    alerts: "Alerts",
    projects: "Projects",
    settings: "Settings",
    me: "Me",
  },

  account: {
    menu: (name: string) => `Account of ${name}`,
    role: { admin: "Admin", manager: "Manager", employee: "Employee" },
    appearance: "Appearance",
    light: "Light",
    dark: "Dark",
    system: "System",
    logOut: "Log out",
    logOutFailed: "You are still logged in: the server could not be told. Try again.",
  },

  login: {
    title: "Log in",
    email: "E-mail",
    password: "Password",
    organization: "Organization ID",
    organizationHint:
      "This e-mail and password fit several organizations. Your admin knows the ID.",
    submit: "Log in",
    ended: "You were logged out. Log in to go on where you were.",
    emailMissing: "Enter your e-mail address.",
    passwordMissing: "Enter your password.",
    forgotten: "Forgotten your password?",
    joined: "You have joined. Log in with your new password.",
  },

  setup: {
    title: "Set up WorkPulse",
    lead: "This server is new. Name your organization and make the first admin’s account.",
    organizationSection: "Organization",
    organization: "Organization name",
    timeZone: "Time zone",
    timeZoneHint: "Days begin and end in this zone.",
    timeZoneNothing: "No such zone",
    adminSection: "Your account",
    name: "Your name",
    email: "E-mail",
    password: "Password",
    passwordHint: "At least 12 characters. A few unrelated words are easy to remember.",
    code: "Set-up code",
    codeHint:
      "Printed in the server’s log, because this server can be reached from other machines.",
    submit: "Create organization",
    organizationMissing: "Name your organization.",
    timeZoneMissing: "Choose a time zone.",
    nameMissing: "Enter your name.",
    emailMissing: "Enter an e-mail address, such as maya@example.org.",
    passwordShort: (missing: number) =>
      missing === 1 ? "One more character, please." : `${missing} more characters, please.`,
    passwordLong: "At most 128 characters.",
    codeMissing: "Enter the code from the server’s log.",
    madeButNotLoggedIn: "Your organization has been created. Log in with your new account.",
  },

  problem: {
    stopped: "This page could not be shown",
    requestId: "Request ID",
    copyRequestId: "Copy the request ID",
    network: {
      title: "The server cannot be reached",
      detail: "Nothing was changed. Check your connection, then try again.",
    },
    unreadable: {
      title: "The answer could not be read",
      detail:
        "Something between this browser and the server answered instead of WorkPulse. Nothing that you see was changed.",
    },
    crash: {
      title: "This page stopped working",
      detail: "Nothing was lost on the server. Load the page again to go on.",
    },
    retryIn: (time: string) => `You can try again in ${time}.`,
  },

  notFound: {
    title: "There is no such page",
    detail: "The address may be mistyped, or the page has moved.",
    back: "Go to the start",
  },

  notForYou: {
    title: "This page is not for your role",
    detail: "Your role does not open it. An admin of your organization can change your role.",
  },

  status: {
    active: "Active",
    idle: "Idle",
    unobserved: "Not observed",
    offline: "Offline",
    not_working: "Not working",
  } satisfies Record<PersonStatus, string>,

  reason: {
    locked: "screen locked",
    asleep: "asleep",
    paused: "paused",
    no_capture: "desktop not readable",
    clock_suspect: "clock in doubt",
    not_running: "agent not running",
  } satisfies Record<UnobservedReason, string>,

  unit: {
    hour: "h",
    minute: "min",
    second: "s",
    millisecond: "ms",
    days: (days: number) => `${days} days`,
  },

  live: {
    title: "Live",
    people: "People",
    columns: {
      person: "Person",
      state: "State",
      application: "Application",
      today: "Today",
      contact: "Last contact",
    },
    ownDay: "You see your own day here, exactly as your organization sees it.",
    filterLabel: "Show only",
    all: "Everyone",
    search: "Search people and applications",
    searchShort: "Search",
    clearSearch: "Clear search",
    sort: "Sort by",
    sortAttention: "Needs attention",
    sortName: "Name",
    group: "Group by",
    grouping: {
      none: "No groups",
      team: "By team",
      project: "By project",
      status: "By state",
    },
    groups: {
      no_team: "In no team",
      no_project: "On no project",
      other_project: "On another project",
      not_working: "Not working",
    },
    groupCount: (people: number) => (people === 1 ? "1 person" : `${people} people`),
    groupWorking: (working: number, people: number) => `${working} of ${people} working`,
    groupsFailed: "Teams and projects could not be loaded",
    look: "Show as",
    looks: { rows: "Rows", cards: "Cards" },
    shown: (shown: number, all: number) => `${shown} of ${all} people shown`,
    noName: "No name",
    noApplication: "No application shown",
    since: (time: string) => `since ${time}`,
    active: "active",
    idle: "idle",
    unobserved: "not observed",
    nothingToday: "Nothing recorded today",
    hours: "By hour",
    byHour: (hour: number, minutes: readonly number[]) =>
      `Active minutes by hour from ${hour}:00: ${minutes.join(", ")}`,
    accounted: (percent: string) => `${percent} accounted for`,
    accountedUntil: (percent: string, time: string) => `${percent} accounted for until ${time}`,
    never: "No device yet",
    ago: (duration: string) => `${duration} ago`,
    now: "Just now",
    inContact: "In contact",
    loading: "Loading people…",
    failed: "The live view could not be loaded",
    nobodyMatches: "Nobody matches",
    nobodyMatchesHint: "No one fits this search and these states just now.",
    showEveryone: "Show everyone",
    empty: {
      title: "Nobody here yet",
      noDevice: "No device has reported yet",
      lead: "Enrol the first device, and this page fills as soon as it syncs.",
      start: "Set up the first device",
      askAdmin: "An admin of your organization can enrol the first one. This page fills by itself.",
    },
    connection: {
      inContact: "Up to the second",
      liveHint: "Changes appear here as they reach the server.",
      lost: "Connection lost.",
      staleSince: (time: string, age: string) =>
        `You see the state of ${time}, ${age} ago. Nothing is lost: it catches up by itself.`,
      staleMoment: (time: string) =>
        `You see the state of ${time}. Nothing is lost: it catches up by itself.`,
      tryNow: "Connect now",
    },
    dayOtherZone: (zone: string) => `Day in ${zone}`,
  },
} as const;

export const text = inLanguage(english, german);
