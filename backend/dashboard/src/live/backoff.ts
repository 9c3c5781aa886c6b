/** How long to wait before the next attempt. */

const FIRST_MILLIS = 500;
const LONGEST_MILLIS = 30_000;

/**
 * Full jitter: anything from nothing to a bound that doubles with each failure, so that a
 * thousand browsers do not come back to a restarted server in the same moment.
 * `attempt` counts failures from 0; `random` is in [0, 1).
 */
export function fullJitter(attempt: number, random: number): number {
  const bound = Math.min(LONGEST_MILLIS, FIRST_MILLIS * 2 ** Math.min(attempt, 16));
  return Math.floor(random * bound);
}
