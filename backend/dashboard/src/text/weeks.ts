/** Words of a week or a month of one person. */
import { german } from "./de/weeks";
import { inLanguage } from "./language";

export const english = {
  title: "Weeks",
  lead: "What the days add up to. Every figure opens down to its minutes.",
  of: (name: string) => `Weeks of ${name}`,
  span: "Show",
  spans: { week: "Week", month: "Month" },
  before: { week: "Week before", month: "Month before" },
  after: { week: "Week after", month: "Month after" },
  than: {
    week: (change: string) => `${change} on the week before`,
    month: (change: string) => `${change} on the days before`,
  },
  how: "How the share is made",
  explained: (active: string, worked: string, share: string) =>
    `${active} with input, of ${worked} with and without input: ${share}.`,
  unobservedCounts:
    "Idle means no input, not that nobody worked. Time that was not observed counts on neither side.",
  nothing: "Nothing was recorded in these days",
  nothingHint: "Go to another week, or wait for a device to send its minutes.",
  applications: "Applications",
  categories: "Categories",
  sites: "Web sites",
  noneKnown: "None is known in these days.",
  table: "Days",
  emptyDay: (day: string) => `${day}: nothing recorded`,
  dayFigures: (day: string, active: string, idle: string, unobserved: string) =>
    `${day}: ${active} active, ${idle} idle, ${unobserved} not observed`,
} as const;

export const weeks = inLanguage(english, german);
