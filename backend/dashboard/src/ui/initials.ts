/** One or two letters for a person; whole characters, whatever the script. */
export function initials(name: string): string {
  const words = name
    .split(/\s+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+/u, ""))
    .filter(Boolean);
  const first = words[0];
  if (first === undefined) return "?";
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return `${letter(first)}${last === undefined ? "" : letter(last)}`;
}

function letter(word: string): string {
  return (Array.from(word)[0] ?? "").toLocaleUpperCase();
}

/** A hue, 0 to 359, that a name always gets. */
export function hue(name: string): number {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return hash % 360;
}
