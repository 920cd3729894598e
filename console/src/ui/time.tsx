const local = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** A time in the zone of whoever looks; UTC on hover. */
export function Time({ iso }: { iso: string | undefined }) {
  if (iso === undefined) return <>–</>;
  return (
    <time dateTime={iso} title={`${iso} (UTC)`}>
      {local.format(new Date(iso))}
    </time>
  );
}

/** Milliseconds as people read them: `84 ms`, `2.4 s`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
