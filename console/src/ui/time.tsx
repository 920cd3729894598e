import { agoOf } from './ago.ts';

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

/** The zone of every time on the screen. */
export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A time in the zone of whoever looks; UTC on hover. @param ago says beside it how long ago that was. */
export function Time({ iso, ago = false }: { iso: string | undefined; ago?: boolean }) {
  if (iso === undefined) return <>–</>;
  const at = new Date(iso);
  // A row edited by hand may hold anything.
  if (Number.isNaN(at.getTime())) return <>{iso}</>;
  return (
    <>
      <time dateTime={iso} title={`${iso} (UTC)`}>
        {local.format(at)}
      </time>
      {ago && `, ${agoOf(Date.now() - at.getTime())}`}
    </>
  );
}

/** Milliseconds as people read them: `84 ms`, `2.4 s`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
