// Instants as the server writes them, and how long an hour is.

export const iso = (millis) => new Date(millis).toISOString();
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
