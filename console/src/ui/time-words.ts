import { toZoned } from './zoned.ts';

/**
 * A time in words.
 * @param at milliseconds since the epoch
 * @param now the day of which is left out of the short form
 * @returns short: `14:03:05`, with the day before it unless it is today's; full: with milliseconds and the zone.
 */
export function timeWords(at: number, zone: string, now: number): { short: string; full: string } {
  const clock: Intl.DateTimeFormatOptions = { timeZone: zone, timeStyle: 'medium', hourCycle: 'h23' };
  const [then, today] = [toZoned(at, zone), toZoned(now, zone)];
  const isToday = then.slice(0, 10) === today.slice(0, 10);
  const isThisYear = then.slice(0, 4) === today.slice(0, 4);
  const day = formatted(at, {
    timeZone: zone,
    month: 'short',
    day: 'numeric',
    ...(!isThisYear && { year: 'numeric' }),
  });
  return {
    short: isToday ? formatted(at, clock) : `${day}, ${formatted(at, clock)}`,
    full: formatted(at, {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
      timeZoneName: 'short',
    }),
  };
}

/** Formatters are slow to make, and a page has hundreds of times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(at: number, options: Intl.DateTimeFormatOptions): string {
  const name = JSON.stringify(options);
  let format = formats.get(name);
  if (!format) formats.set(name, (format = new Intl.DateTimeFormat(undefined, options)));
  return format.format(at);
}
