/** Words about categories: what applications and sites stand for. */
import type { CategoryKind } from "../api/categories";
import { german } from "./de/categories";
import { inLanguage, wordsOf } from "./language";

export const english = {
  pageTitle: "Categories",
  pageLead: "What applications and sites stand for, and what time in them counts as in reports.",
  kinds: wordsOf<CategoryKind>({
    productive: "Productive",
    neutral: "Neutral",
    unproductive: "Unproductive",
  }),

  listTitle: "Categories",
  listLead: "What a category counts as holds at once, also for days that are past.",
  empty: "No categories yet",
  emptyHint: "Make one, then say by a rule what belongs to it.",
  name: "Name",
  nameMissing: "Give it a name.",
  kind: "Counts as",
  kindHint: "Holds at once, also in reports of days that are past.",
  rulesHead: "Rules",
  deeds: "Change or remove",
  add: "Add category",
  make: "Add",
  save: "Save",
  changeTitle: "Change category",
  change: "Change",
  changeOf: (name: string) => `Change ${name}`,
  remove: "Remove",
  removeOf: (name: string) => `Remove ${name}`,
  removeTitle: (name: string) => `Remove “${name}”?`,
  removeDetail: "What titles had put into it is then in no category.",
  removeInUse: (rules: number) =>
    rules === 1
      ? "A rule still puts something into it. Take that rule out and save first."
      : `${rules} rules still put something into it. Take them out and save first.`,

  rulesTitle: "Rules",
  rulesLead:
    "From above to below, the first rule that fits decides. A rule with several parts fits where all of them do.",
  restHint: "What no rule fits is in no category.",
  noRules: "No rules: everything is in no category.",
  ruleAdd: "Add rule",
  ruleChange: "Change rule",
  ruleLead: "Name at least one of the three. Case does not matter.",
  ruleMissing: "Name an application, a site or a title.",
  rulePut: "Add rule",
  ruleKeep: "Keep",
  application: "Application",
  applicationHint: "The whole name; * stands for any characters, ? for one. Such as Visual Studio*",
  domain: "Site",
  domainHint: "With everything below it, such as example.org",
  title: "Title",
  titleHint:
    "The whole title, with * and ?. A rule by title decides what arrives from then on: sums of past days hold no titles.",
  into: "Category",
  gone: "a category that is gone",
  none: "none",
  up: (place: number) => `Move rule ${place} up`,
  down: (place: number) => `Move rule ${place} down`,
  changeRule: (place: number) => `Change rule ${place}`,
  removeRule: (place: number) => `Remove rule ${place}`,
  saveRules: "Save rules",
  discard: "Discard changes",
  unsaved: "Changes are not saved yet.",
  saved: "Saved. What arrives follows these rules at once; past days come to follow them.",
  refusedRule: (place: number, part: string, message: string) =>
    `Rule ${place}: ${part} ${message}.`,
  notSaved: "The rules were not saved",
  faster: "Somebody else saved rules meanwhile",
  theirs: "Take theirs, drop mine",
  mine: "Keep mine, and save over theirs",

  applied: "The sums of all past days follow these rules.",
  waiting: "Past days come to follow the new rules within a minute.",
  running: (done: number, people: number) =>
    `Past days come to follow the new rules: ${done} of ${people} people.`,
  movedSoFar: (time: string) => `${time} have come into another category.`,
  progress: "How far past days follow the rules",

  tryTitle: "Try them out",
  tryLead:
    "What these rules, saved or not, would make of what was used lately. It shows what people used, so they can read that you looked.",
  tryDays: "On",
  lastDays: (days: number) => `the last ${days} days`,
  tryOut: "Try out",
  notTried: "The rules could not be tried",
  old: "Of the rules before your last change:",
  tried: (from: string, to: string, worked: string, moved: string) =>
    `${from} to ${to}: of ${worked} worked, ${moved} would come into another category.`,
  byTitle: (time: string) =>
    `${time} were decided by title as they arrived, and stay where they are.`,
  byRule: "What each rule decides",
  ruleHead: "Rule",
  decides: "Decides",
  fromThenOn: "from then on",
  moves: "What would move",
  used: "Application or site",
  unknown: "not known",
  before: "Now",
  after: "Then",
  worked: "Worked",
  leftOut: (count: number) => (count === 1 ? "1 more would move." : `${count} more would move.`),
} as const;

export const categories = inLanguage(english, german);
