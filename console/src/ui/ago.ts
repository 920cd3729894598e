const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });

/** How long ago, in the largest unit that fits: `6 min. ago`; what is to come, `in 6 min.`. */
export function agoOf(ms: number): string {
  const steps = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  const [unit, length] = steps.find(([, step]) => Math.abs(ms) >= step) ?? (['second', 1000] as const);
  const count = Math.round(ms / length);
  // Clocks differ by some seconds: what has just happened is not to come.
  if (unit === 'second' && count <= 0 && count > -5) return relative.format(-0, unit);
  return relative.format(-count, unit);
}
