import { useMemo } from 'react';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useAddress } from './address.ts';
import { FilterField } from './filter-errors.tsx';
import { useZone } from './zone.ts';
import { fromZoned, toZoned } from './zoned.ts';

const HOUR_MS = 3_600_000;
/** Relative ranges, in hours back from now. */
const RANGES = [
  { value: '', label: 'Any time' },
  { value: '1', label: 'Last hour' },
  { value: 'today', label: 'Today' },
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
  const zone = useZone();
  return useMemo(() => {
    if (range === 'custom') {
      return {
        query: { ...(toIso(since) && { since: toIso(since)! }), ...(toIso(until) && { until: toIso(until)! }) },
      };
    }
    if (range === 'today') {
      const midnight = fromZoned(`${toZoned(Date.now(), zone).slice(0, 10)}T00:00:00`, zone)!;
      return { query: { since: new Date(midnight).toISOString() } };
    }
    const hours = Number(range);
    if (!(hours > 0)) return { query: {} };
    // To the minute, so that the same list is asked for the same way for a while.
    const start = Math.floor((Date.now() - hours * HOUR_MS) / 60_000) * 60_000;
    return { query: { since: new Date(start).toISOString() } };
  }, [range, since, until, zone]);
}

/** Chooses a range relative to now, or from a time to a time, in the zone of all times on the screen. */
export function TimeRange() {
  const [read, write] = useAddress();
  const zone = useZone();
  const range = read('range') ?? '';
  const setTime = (name: 'since' | 'until', typed: string): void => {
    const at = fromZoned(typed, zone);
    write({ [name]: at === undefined ? undefined : new Date(at).toISOString() }, { replace: true });
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
          <FilterField key={name} names={[name]}>
            <Input
              ariaLabel={name === 'since' ? 'From' : 'To'}
              value={toLocal(read(name), zone)}
              onChange={({ detail }) => setTime(name, detail.value)}
              type={'datetime-local' as never}
              step={1}
            />
          </FilterField>
        ))}
    </>
  );
}

function toIso(text: string | undefined): string | undefined {
  if (text === undefined || Number.isNaN(Date.parse(text))) return undefined;
  return new Date(text).toISOString();
}

/** As `datetime-local` wants it. */
function toLocal(iso: string | undefined, zone: string): string {
  return toIso(iso) === undefined ? '' : toZoned(Date.parse(iso!), zone);
}
