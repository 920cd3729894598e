import { useMemo } from 'react';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useAddress } from './address.ts';

const HOUR_MS = 3_600_000;
/** Relative ranges, in hours back from now. */
const RANGES = [
  { value: '', label: 'Any time' },
  { value: '1', label: 'Last hour' },
  { value: '24', label: 'Last 24 hours' },
  { value: '168', label: 'Last 7 days' },
  { value: '720', label: 'Last 30 days' },
  { value: 'custom', label: 'From … to …' },
];

/** What the address says of time, as the API asks for it. */
export function useTimeRange(): { query: { since?: string; until?: string } } {
  const [read] = useAddress();
  const range = read('range');
  const since = read('since');
  const until = read('until');
  return useMemo(() => {
    if (range === 'custom') {
      return {
        query: { ...(toIso(since) && { since: toIso(since)! }), ...(toIso(until) && { until: toIso(until)! }) },
      };
    }
    const hours = Number(range);
    if (!(hours > 0)) return { query: {} };
    // To the minute, so that the same list is asked for the same way for a while.
    const start = Math.floor((Date.now() - hours * HOUR_MS) / 60_000) * 60_000;
    return { query: { since: new Date(start).toISOString() } };
  }, [range, since, until]);
}

/** Chooses a range relative to now, or from a time to a time (of the viewer's zone). */
export function TimeRange() {
  const [read, write] = useAddress();
  const range = read('range') ?? '';
  const setTime = (name: 'since' | 'until', local: string): void => {
    const at = new Date(local);
    write({ [name]: Number.isNaN(at.getTime()) ? undefined : at.toISOString() }, { replace: true });
  };
  return (
    <>
      <Select
        ariaLabel="Time"
        options={RANGES}
        selectedOption={RANGES.find(({ value }) => value === range) ?? RANGES[0]!}
        onChange={({ detail }) => write({ range: detail.selectedOption.value, since: undefined, until: undefined })}
      />
      {range === 'custom' &&
        (['since', 'until'] as const).map((name) => (
          <Input
            key={name}
            ariaLabel={name === 'since' ? 'From' : 'To'}
            value={toLocal(read(name))}
            onChange={({ detail }) => setTime(name, detail.value)}
            type={'datetime-local' as never}
            step={1}
          />
        ))}
    </>
  );
}

function toIso(text: string | undefined): string | undefined {
  if (text === undefined || Number.isNaN(Date.parse(text))) return undefined;
  return new Date(text).toISOString();
}

/** As `datetime-local` wants it: in the viewer's zone, without naming it. */
function toLocal(iso: string | undefined): string {
  if (toIso(iso) === undefined) return '';
  const at = new Date(iso!);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
