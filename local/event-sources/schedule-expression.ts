/** Time of the next run after `afterMs`, milliseconds since the epoch. */
export type NextRun = (afterMs: number) => number;

const UNIT_MS: Record<string, number> = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MINUTE_MS = 60_000;
/** A cron expression that never comes true within this many minutes is refused: a leap year and a day. */
const MAX_MINUTES_AHEAD = 367 * 24 * 60;

/**
 * Reads a schedule of EventBridge. `rate(n seconds)` is for local runs only: EventBridge's floor is a minute.
 * Cron fields may be numbers, lists, ranges, steps, `*` and `?`; names and L, W, # are refused.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * @throws on anything else.
 */
export function parseSchedule(expression: string): NextRun {
  const [, count = '', unit = ''] = /^rate\((\d+) (second|minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (unit && Number(count) > 0) {
    const everyMs = Number(count) * (UNIT_MS[unit] ?? 0);
    return (afterMs) => afterMs + everyMs;
  }
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (fields?.length === 6) return parseCron(fields, expression);
  throw new Error(
    `Expected a schedule like "rate(5 minutes)", "rate(2 seconds)" or "cron(0 12 * * ? *)", got "${expression}".`,
  );
}

function parseCron(fields: string[], expression: string): NextRun {
  // Minute, hour, day of month, month, day of week (1 is Sunday), year.
  const lowest = [0, 0, 1, 1, 1, 1970];
  const tests = fields.map((field, i) => parseField(field, lowest[i] ?? 0, expression));
  const matches = (date: Date): boolean => {
    const values = [
      date.getUTCMinutes(),
      date.getUTCHours(),
      date.getUTCDate(),
      date.getUTCMonth() + 1,
      date.getUTCDay() + 1,
      date.getUTCFullYear(),
    ];
    return values.every((value, i) => tests[i]?.(value));
  };
  return (afterMs) => {
    const first = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS;
    for (let n = 0; n < MAX_MINUTES_AHEAD; n += 1) {
      if (matches(new Date(first + n * MINUTE_MS))) return first + n * MINUTE_MS;
    }
    throw new Error(`The schedule "${expression}" does not come true within a year.`);
  };
}

function parseField(field: string, lowest: number, expression: string): (value: number) => boolean {
  const parts = field.split(',').map((part) => {
    const [, range = '', step = ''] = /^(\*|\?|\d+(?:-\d+)?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (!range) throw new Error(`The local run does not understand "${part}" in the schedule "${expression}".`);
    const [from = lowest, to] = /^\d/.test(range) ? range.split('-').map(Number) : [lowest, Infinity];
    const end = to ?? (step ? Infinity : from);
    return (value: number): boolean => value >= from && value <= end && (value - from) % Number(step || 1) === 0;
  });
  return (value) => parts.some((matches) => matches(value));
}
