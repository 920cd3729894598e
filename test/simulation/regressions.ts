/**
 * Seeds whose schedules once broke a promise. The ordinary test runs them first, always: add the seed that a long run
 * prints, and say beside it what was wrong.
 */
export const REGRESSIONS: readonly number[] = [];
