const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });

/** How long ago, in the largest unit that fits: `6 min. ago`. */
export function agoOf(ms: number): string {
  const steps = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  const [unit, length] = steps.find(([, step]) => Math.abs(ms) >= step) ?? (['second', 1000] as const);
  return relative.format(-Math.round(ms / length), unit);
}
