import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CountedLine } from '../counted-lines.ts';

/** What a page holds, before it is compressed: names once, and a list for each line. */
interface Page {
  organizations: string[];
  /** Each with the place of its organization. */
  subscriptions: [number, string][];
  hours: string[];
  /** The sequence number of the first line, and the time at which the first event was accepted. */
  first: string;
  accepted_ms: number;
  lines: Line[];
}

/** Sequence number behind the first one's, subscription, hour, time behind the first one's, counts, longest wait. */
type Line = [sequence: string, subscription: number, hour: number, accepted: number, CountedLine['counts'], number?];

/** Lines of one shard as one value: some 25 to 45 bytes each. @param lines at least one. */
export function encodeLines(lines: readonly CountedLine[]): Uint8Array {
  const [{ sequence: first, accepted_ms }] = lines as [CountedLine];
  const organizations = new Places<string>();
  const subscriptions = new Places<[number, string]>();
  const hours = new Places<string>();
  const page: Page = { organizations: organizations.all, subscriptions: subscriptions.all, hours: hours.all } as Page;
  page.first = first;
  page.accepted_ms = accepted_ms;
  page.lines = lines.map(({ organization, subscription, hour, sequence, counts, longestMs, accepted_ms: at }) => {
    const owner = organizations.of(organization, organization);
    return [
      String(BigInt(sequence) - BigInt(first)),
      subscriptions.of(`${owner}/${subscription}`, [owner, subscription]),
      hours.of(hour, hour),
      at - accepted_ms,
      counts,
      ...(longestMs === undefined ? ([] as const) : ([longestMs] as const)),
    ];
  });
  return deflateRawSync(JSON.stringify(page));
}

export function decodeLines(bytes: Uint8Array): CountedLine[] {
  const page = JSON.parse(inflateRawSync(bytes).toString()) as Page;
  return page.lines.map(([behind, at, hour, accepted, counts, longestMs]) => {
    const [owner, subscription] = page.subscriptions[at]!;
    return {
      sequence: String(BigInt(page.first) + BigInt(behind)),
      organization: page.organizations[owner]!,
      subscription,
      hour: page.hours[hour]!,
      accepted_ms: page.accepted_ms + accepted,
      counts,
      longestMs,
    };
  });
}

/** Different values in the order in which they came, and the place of each. */
class Places<T> {
  readonly all: T[] = [];
  private readonly places = new Map<string, number>();

  of(name: string, value: T): number {
    const known = this.places.get(name);
    if (known !== undefined) return known;
    this.places.set(name, this.all.length);
    return this.all.push(value) - 1;
  }
}
