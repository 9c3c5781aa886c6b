/** Words of the pages about devices and enrolment. */
import type { components } from "../api/schema";
import { german } from "./de/devices";
import { inLanguage, wordsOf } from "./language";

type Schemas = components["schemas"];

export const english = {
  title: "Devices",
  lead: "Computers that send time.",
  filter: "Show",
  filters: { all: "All", pending: "Waiting for approval", silent: "Silent for 7 days" },
  device: "Device",
  person: "Person",
  system: "System",
  agent: "Agent",
  state: "State",
  contact: "Last contact",
  pending: "Pending",
  do: "What to do",
  noName: "No name",
  states: wordsOf<Schemas["DeviceStatus"]>({
    pending: "Waits for approval",
    approved: "In use",
    revoked: "Revoked",
  }),
  approve: "Approve",
  approveOf: (name: string) => `Approve ${name}`,
  revoke: "Revoke",
  revokeOf: (name: string) => `Revoke ${name}`,
  revokeQuestion: (name: string) => `Revoke ${name}?`,
  revokeDetail:
    "Nothing that it sends is taken any more. What it has sent stays. To use it again it has to be enrolled anew.",
  canNot: "Cannot observe:",
  probe: "by",
  can: wordsOf({ application: "applications", title: "titles", idle: "input" }),
  empty: {
    all: "No device is enrolled yet",
    pending: "No device waits for approval",
    silent: "Every device was heard of within 7 days",
  },
  emptyHint: "Make an enrolment token, and give it to the agent on the computer.",
  install: {
    platform: "Platform",
    platforms: {
      debian: "Debian, Ubuntu, Mint",
      fedora: "Fedora, RHEL, openSUSE",
      windows: "Windows",
      macos: "macOS",
    },
    steps: {
      package: "Install the package that was downloaded:",
      installer:
        "Install the package that was downloaded, in a Command Prompt that was opened as administrator:",
      file: "Say where the computer belongs, in a terminal:",
      pkg: "Install the package that was downloaded. It enrols the computer for whoever is logged in, and starts:",
      enrol: "Enrol the computer, as the person who uses it:",
      enrolPrompt:
        "Enrol the computer, as the person who uses it, in a Command Prompt that is not an administrator’s:",
      start: "Start it; from the next log-in on it starts by itself:",
      login:
        "Log out of the computer and in again: it enrols for whoever logs in first, and starts.",
    },
    ownAddress: "In place of the e-mail stands that of the person who uses the computer.",
  },
  tokens: {
    title: "Enrolment",
    lead: "Tokens by which computers are enrolled. Whoever has one can enrol a device.",
    add: "New token",
    label: "What for",
    labelHint: "For you to tell them apart.",
    noLabel: "No name",
    who: "For whom",
    whose: "Whose devices",
    anybody: "Anybody here, by their e-mail",
    domain: "Anybody with a mail domain",
    onePerson: "One person",
    mailDomain: "Mail domain",
    domainMissing: "Enter a domain such as example.org.",
    email: "Their e-mail",
    personMissing: "Nobody in the organization has this e-mail.",
    peopleLoading: "The people are still being loaded. Try again in a moment.",
    peopleFailed: "The people could not be loaded. They are asked for again: try once more.",
    uses: "Devices",
    usesHint: "How many devices, 1 to 1,000.",
    usesWrong: "A whole number from 1 to 1,000.",
    usesOf: (used: number, most: number) => `${used} of ${most}`,
    days: "Good for",
    dayOptions: [
      { value: "24", label: "1 day" },
      { value: "72", label: "3 days" },
      { value: "168", label: "7 days" },
      { value: "720", label: "30 days" },
      { value: "8760", label: "1 year" },
    ],
    approval: "An admin approves each device",
    approvalHint: "Where the organization wants approval, always.",
    make: "Make token",
    secret: "Token",
    command: "On the computer:",
    state: "State",
    open: "Open",
    used: "Used up",
    expired: "Expired",
    revoked: "Revoked",
    until: "Good until",
    revokeQuestion: "Revoke this token?",
    revokeDetail: "No further device can be enrolled with it. Devices that are enrolled go on.",
    empty: "There is no token yet",
  },
} as const;

export const devices = inLanguage(english, german);
