/**
 * Advice on a new password. Pure. It advises only: the server decides on the length, and nothing
 * here is a measure that a form would refuse by, except too short and too long.
 */
import { shared } from "../text/shared";

export interface Advice {
  /** 0 cannot be used, 1 easy to guess, 2 fair, 3 strong. */
  level: 0 | 1 | 2 | 3;
  words: string;
}

const words = shared.password;
const ROWS = ["abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "asdfghjkl", "0123456789"];
const COMMON = ["password", "passwort", "welcome", "willkommen", "letmein", "iloveyou", "admin"];

/** `personal` are the person's name, address and organization, as far as they are known. */
export function advise(password: string, personal: readonly string[] = []): Advice {
  const characters = Array.from(password);
  if (characters.length < 12) return { level: 0, words: words.short(12 - characters.length) };
  if (characters.length > 128) return { level: 0, words: words.long };
  const low = password.toLowerCase();
  if (new Set(characters).size < 6) return { level: 1, words: words.repeats };
  if (longestRun(low) * 2 >= characters.length) return { level: 1, words: words.row };
  if (COMMON.some((word) => low.startsWith(word))) return { level: 1, words: words.common };
  const parts = personal.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  if (parts.some((part) => part.length >= 4 && low.includes(part))) {
    return { level: 1, words: words.personal };
  }
  if (characters.length >= 20 && new Set(characters).size >= 10) {
    return { level: 3, words: words.strong };
  }
  return { level: 2, words: words.fair };
}

/** How many neighbouring characters follow a row of the keyboard, the alphabet or the digits. */
function longestRun(text: string): number {
  let longest = 1;
  let run = 1;
  for (let i = 1; i < text.length; i += 1) {
    const pair = text.slice(i - 1, i + 1);
    const back = pair.charAt(1) + pair.charAt(0);
    const follows = ROWS.some((row) => row.includes(pair) || row.includes(back));
    run = follows ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}
