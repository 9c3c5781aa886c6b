/** Words of the page about files of reports. */
import type { FileContent, FileFormat, FileState } from "../api/files";
import { german } from "./de/files";
import { inLanguage, number, wordsOf } from "./language";

export const english = {
  tab: "Files",
  title: "Files of reports",
  lead: "Reports of any size, and activity span by span. They are made while you do something else, and removed after seven days.",
  add: "New file",
  empty: "No files yet",
  emptyHint: "What you ask for is made meanwhile and waits here for you.",
  what: "What",
  asked: "Asked for",
  state: "State",
  download: "Download",
  remove: "Delete",
  removeIt: (name: string) => `Delete ${name}`,
  downloadIt: (name: string) => `Download ${name}`,
  removing: "Delete this file?",
  removingHint: "What it is made of stays. It can be asked for again.",
  states: wordsOf<FileState>({
    waiting: "Waiting",
    running: "Being made",
    done: "Ready",
    failed: "Failed",
  }),
  rows: (done: number, all: number | null) =>
    all === null ? `${number(done)} rows` : `${number(done)} of ${number(all)} rows`,
  until: "until",
  progress: "Rows written",
  content: "Content",
  contents: wordsOf<FileContent>({ report: "Report", activity: "Activity, span by span" }),
  reportBy: (group: string) => `Report by ${group.toLowerCase()}`,
  format: "Format",
  formats: wordsOf<FileFormat>({ csv: "CSV", xlsx: "Excel", pdf: "PDF" }),
  noDays: "Choose both days, the first one first.",
  tooManyDays: "At most 366 days of activity in one file.",
  make: "Make it",
  size: (bytes: number) =>
    bytes < 1_000_000
      ? `${number(Math.max(1, Math.round(bytes / 1000)))} kB`
      : `${number(Math.round(bytes / 100_000) / 10)} MB`,
} as const;

export const files = inLanguage(english, german);
