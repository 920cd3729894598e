import type { Attempt } from '../../api/types.ts';

type Timings = NonNullable<Attempt['timings_ms']>;

/** One part of a request's time, milliseconds. */
export interface Part {
  name: string;
  kind: 'dns' | 'connect' | 'tls' | 'wait' | 'read';
  start: number;
  length: number;
}

/** What the endpoint took: without what Posthorn was late itself. */
export function endpointTime(timings: Timings | undefined): number | undefined {
  return timings && timings.total - (timings.own_lag ?? 0);
}

/** A part that did not happen, as on a connection that was open already, is left out. */
export function partsOf({ dns, connect, tls, first_byte, total }: Timings): Part[] {
  const parts: Part[] = [];
  let start = 0;
  const add = (name: string, kind: Part['kind'], length: number | undefined): void => {
    if (length === undefined) return;
    parts.push({ name, kind, start, length });
    start += length;
  };
  add('DNS', 'dns', dns);
  add('Connect', 'connect', connect);
  add('TLS', 'tls', tls);
  add('Waiting for the answer', 'wait', first_byte);
  if (first_byte !== undefined) add('Reading the answer', 'read', Math.max(0, total - start));
  return parts;
}
