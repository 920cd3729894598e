import { useMemo } from 'react';
import { agoOf } from './ago.ts';
import { useNow } from './clock.ts';
import { useZone } from './zone.ts';
import { timeWords } from './time-words.ts';

const MINUTE_MS = 60_000;

/**
 * A time in the zone that was chosen, and how long ago it was. The whole of it, with the zone and in UTC, shows on hover and
 * focus: see {@link TimeTip}.
 * @param whole date, milliseconds and zone at once, where there is one time and not fifty.
 */
export function Time({ iso, whole = false }: { iso: string | undefined; whole?: boolean }) {
  const zone = useZone();
  const at = Date.parse(iso ?? '');
  const age = Math.abs(Date.now() - at);
  const now = useNow(age < 2 * MINUTE_MS ? 1000 : 10_000);
  // What it is called changes with the day, and no day begins within a minute; how long ago it was, each second.
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const words = useMemo(() => (Number.isNaN(at) ? undefined : timeWords(at, zone, minute)), [at, zone, minute]);
  if (iso === undefined) return <>–</>;
  // A row edited by hand may hold anything.
  if (words === undefined) return <>{iso}</>;
  const { short, full } = words;
  return (
    <span className="time">
      <time dateTime={iso} data-full={`${full} · ${iso} (UTC)`}>
        {whole ? full : short}
      </time>{' '}
      <span className="ago">{agoOf(now - at)}</span>
    </span>
  );
}

/** Milliseconds as people read them: `84 ms`, `2.4 s`. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
