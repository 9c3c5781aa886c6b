/** What the command palette offers, and which of it fits what is typed. Pure. */

export type CommandGroup = "pages" | "people" | "actions";

export interface Command {
  id: string;
  group: CommandGroup;
  label: string;
  run: () => void;
}

/** People are many: only so many of them stand in the list. */
const MOST_PEOPLE = 8;

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/** 2: the label begins with it; 1: each of its words is somewhere in the label; 0: neither. */
function rateOf(label: string, search: string): number {
  const folded = fold(label);
  if (folded.startsWith(search)) return 2;
  return search.split(/\s+/).every((word) => folded.includes(word)) ? 1 : 0;
}

/**
 * Those that fit, group by group, better ones first within a group. Without a search there are
 * pages and actions, and nobody by name.
 */
export function fitting(commands: readonly Command[], typed: string): Command[] {
  const search = fold(typed.trim());
  if (search === "") return commands.filter(({ group }) => group !== "people");
  const rated = commands
    .map((command) => ({ command, rate: rateOf(command.label, search) }))
    .filter(({ rate }) => rate > 0)
    .sort((a, b) => b.rate - a.rate)
    .map(({ command }) => command);
  const of = (group: CommandGroup) => rated.filter((command) => command.group === group);
  return [...of("pages"), ...of("people").slice(0, MOST_PEOPLE), ...of("actions")];
}

/** Where the mark goes: around the ends, and nowhere in an empty list. */
export function stepped(index: number, by: number, count: number): number {
  return count === 0 ? -1 : (index + by + count) % count;
}
