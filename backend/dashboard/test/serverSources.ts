/** What the server's own sources say: the words for its plain strings are checked against them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(process.cwd(), "../..");

/** One file of the repository. */
export function source(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** All of a folder, with each string on one line, so that texts that are broken are found. */
export function sources(folder: string): string {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .map((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sources(path);
      return entry.name.endsWith(".rs") ? source(path) : "";
    })
    .join("\n")
    .replace(/\\\n\s*/g, "");
}

/** What a pattern finds in a text, each once and sorted. */
export function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, one]) => one ?? ""))].sort();
}
