// Hours and days in UTC, as text that sorts by time: `2026-01-31T09`, `2026-01-31`.

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const HOUR_LENGTH = '2026-01-31T09'.length;
const DAY_LENGTH = '2026-01-31'.length;

/** The steps in which counts are told. */
export const STEPS = ['hour', 'day'] as const;
export type Step = (typeof STEPS)[number];

/** The hour of a time. @param ms since the epoch. */
export function hourOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, HOUR_LENGTH);
}

/** The step in which an hour lies, and when that begins. */
export function stepOf(hour: string, step: Step): string {
  return step === 'hour' ? `${hour}:00:00.000Z` : `${hour.slice(0, DAY_LENGTH)}T00:00:00.000Z`;
}

/** The time itself, or the last before it at which a step begins; milliseconds. */
export function beginOf(ms: number, step: Step): number {
  const length = step === 'hour' ? HOUR_MS : DAY_MS;
  return Math.floor(ms / length) * length;
}
