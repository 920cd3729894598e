import { sumOf, type Counted } from '../../lambdas/domain/counts/counts.ts';
import { hourOf } from '../../lambdas/domain/counts/hours.ts';
import type { StatisticsDeps } from '../../lambdas/statistics/ports.ts';
import type { CountedLine, LinesByShard, LinesPart } from '../../lambdas/stores/counted-lines.ts';
import { DIGITS, digitsOf, PARTS } from '../../lambdas/stores/dynamodb/counted-lines-groups.ts';
import { padded } from '../../lambdas/stores/dynamodb/sequence.ts';
import { foldedShard, type CountedAt, type CountScope } from '../../lambdas/stores/statistics.ts';
import type { Container } from './container.ts';

/** Lines of a batch that lie together as one group, at most; more lie in groups of one digit. Few, so that schedules have both. */
const MOST = 4;

interface Hour {
  lengths: Set<number>;
  part?: number;
  takenUntilMs?: number;
}

interface Page {
  hour: string;
  digits: string;
  shard: string;
  lines: readonly CountedLine[];
}

/** Counts of an hour, and how far each shard was counted in them. */
interface Row {
  counted: Counted;
  marks: Map<string, string>;
}

/**
 * The table `Statistics` with the very conditions of lambdas/stores/dynamodb/counted-lines.ts and statistics.ts: what is put under
 * one name takes the place of what was there, and a row takes lines of a shard only behind those that it has.
 */
export class CountsTable {
  readonly hours = new Map<string, Hour>();
  readonly #pages = new Map<string, Page>();
  readonly #rows = new Map<string, Row>();

  statistics(container: Container): StatisticsDeps['statistics'] {
    return {
      add: async (scope, hour, shard, lines) => {
        let left = lines;
        while (left.length > 0) {
          const added = left;
          const mark = await container.call(() => this.#add(nameOf(scope, hour), shard, added));
          if (mark === undefined) return;
          left = left.filter(({ sequence }) => padded(sequence) > mark);
        }
      },
    };
  }

  /** @returns how far the shard was counted, when some of these were. */
  #add(name: string, shard: string | undefined, lines: readonly CountedAt[]): string | undefined {
    const row = this.#rows.get(name) ?? { counted: { counts: {} }, marks: new Map<string, string>() };
    if (shard !== undefined) {
      const mark = row.marks.get(shard) ?? '';
      if (mark >= padded(lines[0]!.sequence)) return mark;
      row.marks.set(shard, padded(lines.at(-1)!.sequence));
    }
    row.counted = sumOf([row.counted, ...lines]);
    this.#rows.set(name, row);
    return undefined;
  }

  /** @param now milliseconds since the epoch. */
  lines(container: Container, now: () => number): StatisticsDeps['lines'] {
    // What this process has put on the list.
    const listed = new Set<string>();
    return {
      write: async (shard, lines) => {
        if (lines.length === 0) return 0;
        const hour = hourOf(now());
        const length = lines.length <= MOST ? 0 : 1;
        if (!listed.has(`${hour}/${length}`)) await container.call(() => this.#list(hour, length));
        listed.add(`${hour}/${length}`);
        const groups = [...Map.groupBy(lines, ({ organization }) => digitsOnce(organization).slice(0, length))];
        await Promise.all(
          groups.map(([digits, ofGroup]) => container.call(() => this.#put({ hour, digits, shard, lines: ofGroup }))),
        );
        return groups.length;
      },
      hours: () => container.call(() => [...this.hours.keys()].sort()),
      claim: (hour, nowMs, forMs) =>
        container.call(() => {
          const row = this.hours.get(hour);
          if (!row || (row.takenUntilMs ?? -Infinity) >= nowMs) return undefined;
          row.takenUntilMs = nowMs + forMs;
          return row.part ?? 0;
        }),
      parts: (hour, from) => this.#parts(container, hour, from),
      leave: (hour, part) =>
        container.call(() => {
          const row = this.hours.get(hour);
          if (!row) throw new Error('the condition does not hold');
          row.part = part;
          delete row.takenUntilMs;
        }),
      end: (hour) => container.call(() => void this.hours.delete(hour)),
    };
  }

  #list(hour: string, length: number): void {
    const row = this.hours.get(hour) ?? { lengths: new Set<number>() };
    row.lengths.add(length);
    this.hours.set(hour, row);
  }

  #put(page: Page): void {
    const { hour, digits, shard, lines } = page;
    this.#pages.set(`${hour}/${digits}#${shard}#${padded(lines[0]!.sequence)}`, page);
  }

  async *#parts(container: Container, hour: string, from: number): AsyncGenerator<LinesPart> {
    const lengths = await container.call(() => [...(this.hours.get(hour)?.lengths ?? [])]);
    const read = new Map<number, { digits: string; pages: readonly Page[] }>();
    const pagesOf = async (digits: string): Promise<readonly Page[]> => {
      const known = read.get(digits.length);
      if (known?.digits === digits) return known.pages;
      const pages = await container.call(() =>
        [...this.#pages.values()].filter((page) => page.hour === hour && page.digits === digits),
      );
      read.set(digits.length, { digits, pages });
      return pages;
    };
    for (let part = from; part < PARTS; part++) {
      const digits = part.toString(8).padStart(DIGITS, '0');
      const found: Page[] = [];
      for (const length of lengths) found.push(...(await pagesOf(digits.slice(0, length))));
      const lines = inOrder(found, ({ organization }) => digitsOnce(organization) === digits);
      yield { lines, next: part + 1 < PARTS ? part + 1 : undefined };
    }
  }

  /** What somebody reads who asks for an organization's or subscription's counts of all hours: first what waits, then the rows. */
  async told({ organization, subscription }: CountScope, container: Container): Promise<Counted> {
    const isWanted = (line: CountedLine): boolean =>
      line.organization === organization && (subscription ?? line.subscription) === line.subscription;
    const waiting =
      organization === undefined
        ? new Map<string, CountedLine[]>()
        : await container.call(() =>
            inOrder(
              [...this.#pages.values()].filter(({ hour }) => this.hours.has(hour)),
              isWanted,
            ),
          );
    const rows = await container.call(() => this.#rowsOf({ organization, subscription }));
    const left = [...waiting].flatMap(([shard, lines]) =>
      lines.filter(({ hour, sequence }) => padded(sequence) > (rows.get(hour)?.marks.get(foldedShard(shard)) ?? '')),
    );
    return sumOf([...[...rows.values()].map(({ counted }) => counted), ...left]);
  }

  /** By hour. */
  #rowsOf(scope: CountScope): Map<string, Row> {
    const prefix = nameOf(scope, '');
    const own = [...this.#rows].filter(([name]) => name.startsWith(prefix));
    return new Map(own.map(([name, row]) => [name.slice(prefix.length), { ...row, marks: new Map(row.marks) }]));
  }
}

function nameOf({ organization = '*', subscription = '*' }: CountScope, hour: string): string {
  return `${organization}/${subscription}/${hour}`;
}

/** Each line once: those of a batch that came again lie in pages of both. */
function inOrder(pages: readonly Page[], isWanted: (line: CountedLine) => boolean): LinesByShard {
  const found = new Map<string, Map<string, CountedLine>>();
  for (const { shard, lines } of pages) {
    for (const line of lines) {
      if (!isWanted(line)) continue;
      const ofShard = found.get(shard) ?? new Map<string, CountedLine>();
      found.set(shard, ofShard.set(padded(line.sequence), line));
    }
  }
  const sorted = (lines: Map<string, CountedLine>): CountedLine[] =>
    [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  return new Map([...found].map(([shard, lines]) => [shard, sorted(lines)]));
}

const known = new Map<string, string>();

/** A schedule has few organizations. */
function digitsOnce(organization: string): string {
  const digits = known.get(organization) ?? digitsOf(organization);
  known.set(organization, digits);
  return digits;
}
