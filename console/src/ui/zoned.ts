/** Formatters are slow to make, and a page has hundreds of times. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** A time as a clock in a zone shows it, without naming the zone: `2026-11-29T14:03:05`, as `datetime-local` wants it. */
export function toZoned(ms: number, zone: string): string {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
}

/**
 * The time at which a clock in a zone shows a text of `datetime-local`.
 * @returns milliseconds since the epoch; undefined for what is no time. Of an hour that a clock shows twice, the later one;
 * for one that it leaves out, the time that a clock not yet moved would show.
 */
export function fromZoned(text: string, zone: string): number | undefined {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  const offsetAt = (ms: number): number => Date.parse(`${toZoned(ms, zone)}Z`) - Math.floor(ms / 1000) * 1000;
  // The offset an hour earlier and the one there differ only where the clock is moved.
  const guess = asUtc - offsetAt(asUtc);
  return asUtc - offsetAt(guess);
}

/** Whether this browser knows a zone. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  // Swedish writes digits in the order of ISO 8601; parts are taken by name all the same.
  const made = new Intl.DateTimeFormat('sv', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(zone, made);
  return made;
}
