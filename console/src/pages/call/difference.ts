import { diffLines } from 'diff';
import type { Attempt } from '../../api/types.ts';
import { indented } from '../../ui/indented.ts';

/** One thing that two tries of a delivery differ in. */
export interface Difference {
  what: string;
  /** Undefined: it was not there. */
  before: string | undefined;
  after: string | undefined;
  /** Of bodies: line by line, with some of what stayed the same around. */
  lines?: readonly DiffLine[];
}

export interface DiffLine {
  sign: '+' | '-' | ' ';
  text: string;
}

/** Lines that stayed the same, around each that did not. */
const AROUND = 2;

/** What differs between two tries of one delivery: nothing that is the same in both. */
export function differencesOf(before: Attempt, after: Attempt): Difference[] {
  const plain = (what: string, of: (call: Attempt) => unknown): Difference[] =>
    differing(what, textOf(of(before)), textOf(of(after)));
  return [
    ...plain('Outcome', ({ outcome }) => outcome),
    ...plain('Status', ({ status }) => status),
    ...plain('What happened', ({ reason }) => reason),
    ...plain('Whose fault', ({ fault }) => fault),
    ...plain('URL', ({ url }) => url),
    ...plain('Format', ({ format }) => format),
    ...ofMaps('Request header', before.request?.headers, after.request?.headers),
    ...ofBodies('Request body', before.request?.body, after.request?.body),
    ...ofMaps('Response header', before.response?.headers, after.response?.headers),
    ...ofBodies('Response body', before.response?.body, after.response?.body),
    ...ofMaps('Milliseconds', before.timings_ms, after.timings_ms),
  ];
}

function differing(what: string, before: string | undefined, after: string | undefined): Difference[] {
  return before === after ? [] : [{ what, before, after }];
}

function ofMaps(what: string, before: object = {}, after: object = {}): Difference[] {
  const [a, b] = [before, after].map(
    (map) => new Map(Object.entries(map).map(([name, value]) => [name, textOf(value)])),
  );
  return [...new Set([...a!.keys(), ...b!.keys()])].flatMap((name) =>
    differing(`${what} ${name}`, a!.get(name), b!.get(name)),
  );
}

function ofBodies(what: string, before: string | undefined, after: string | undefined): Difference[] {
  return differing(what, before, after).map((one) => ({
    ...one,
    ...(before !== undefined && after !== undefined && { lines: diffOf(before, after) }),
  }));
}

/** Line by line, JSON with line breaks; where that makes no difference, byte by byte as it was. */
function diffOf(before: string, after: string): DiffLine[] {
  const pretty = [before, after].map(indented);
  const [a, b] = pretty[0] === pretty[1] ? [before, after] : (pretty as [string, string]);
  const all = diffLines(`${a}\n`, `${b}\n`).flatMap(({ added, removed, value }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((text): DiffLine => ({ sign: added ? '+' : removed ? '-' : ' ', text })),
  );
  const isNear = (at: number): boolean =>
    all.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ sign }) => sign !== ' ');
  return all.flatMap((line, at) => {
    if (isNear(at)) return [line];
    return isNear(at - 1) || at === 0 ? [{ sign: ' ' as const, text: '…' }] : [];
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
