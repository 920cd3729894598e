import { ConditionalCheckFailedException } from '#aws-sdk/client-dynamodb';
import { UpdateCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { sumOf, type Counted, type Counts } from '../../domain/counts/counts.ts';
import type { CountedLine, CountedLineStore } from '../counted-lines.ts';
import { foldedShard, STATISTICS_DAYS, type CountedAt, type CountScope, type StatisticsStore } from '../statistics.ts';
import { createCountedLineStore } from './counted-lines.ts';
import { queryPages } from './query-pages.ts';
import { padded } from './sequence.ts';

const DAY_SECONDS = 86_400;
/** In the place of an organization or subscription: all of them. No id holds it. */
const ALL = '*';
/** How far a shard was counted is noted under its name. */
const MARK = 'shard_';
const LONGEST = 'longest_ms';
/** Attributes that are no counts. */
const OTHERS = /^(organization|scope_hour|expires_at|longest_ms|shard_.*)$/;
/** Rows whose longest wait is remembered, at most: some 200 bytes each. */
const REMEMBERED = 20_000;

/** How a row stands: how far the shard was counted, and the longest wait; -1: none. */
interface Standing {
  mark: string;
  longestMs: number;
}

/** The table `Statistics` (organization / scope_hour). */
export function createStatisticsStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  lines: Pick<CountedLineStore, 'ofOrganization'> = createCountedLineStore(dynamoDb, table),
): StatisticsStore {
  // A longest wait never decreases, so one that is no longer than a remembered one needs no condition; a condition that
  // does not hold costs a write unit for nothing.
  const longest = new Map<string, number>();
  const remember = (row: string, ms: number): void => {
    if (longest.size >= REMEMBERED) longest.clear();
    longest.set(row, ms);
  };
  /** @returns how the row stands, when the update's condition did not hold. */
  const update = async (
    scope: CountScope,
    hour: string,
    shard: string | undefined,
    lines: readonly CountedAt[],
    isLonger: boolean,
  ): Promise<Standing | undefined> => {
    try {
      await dynamoDb.send(new UpdateCommand({ TableName: table, ...addition(scope, hour, shard, lines, isLonger) }));
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const { Item = {} } = error;
      return { mark: Item[markOf(shard)]?.S ?? '', longestMs: Number(Item[LONGEST]?.N ?? -1) };
    }
  };

  return {
    async add(scope, hour, shard, lines) {
      const row = JSON.stringify([scope.organization, scope.subscription, hour]);
      let left = lines;
      // Each pass knows more of how the row stands: the mark of a shard has one writer, and the longest wait only grows.
      while (left.length > 0) {
        const longestMs = sumOf(left).longestMs ?? -1;
        const isLonger = longestMs > (longest.get(row) ?? -1);
        const stands = await update(scope, hour, shard, left, isLonger);
        if (isLonger || stands) remember(row, stands ? stands.longestMs : longestMs);
        if (!stands) return;
        left = left.filter(({ sequence }) => padded(sequence) > stands.mark);
      }
    },

    async hours(scope, from, to) {
      // Before the rows: what is added between these reads is in both, and the rows' marks tell.
      const waiting = scope.organization === undefined ? undefined : await lines.ofOrganization(scope.organization);
      const rows = new Map<string, Record<string, unknown>>();
      const prefix = `${scope.subscription ?? ALL}#`;
      const pages = queryPages(dynamoDb, {
        TableName: table,
        KeyConditionExpression: 'organization = :organization AND scope_hour BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':organization': scope.organization ?? ALL,
          ':from': `${prefix}${from}`,
          ':to': `${prefix}${to}`,
        },
        // An hour leaves the list as soon as its lines are added: rows must then be read as they are now.
        ConsistentRead: scope.organization !== undefined,
      });
      for await (const items of pages) {
        for (const item of items) rows.set((item.scope_hour as string).slice(prefix.length), item);
      }
      const found = new Map([...rows].map(([hour, item]): [string, Counted] => [hour, fromItem(item)]));
      for (const [shard, ofShard] of waiting ?? []) {
        const isLeft = (line: CountedLine): boolean =>
          (scope.subscription ?? line.subscription) === line.subscription &&
          line.hour >= from &&
          line.hour <= to &&
          padded(line.sequence) > ((rows.get(line.hour)?.[markOf(foldedShard(shard))] as string | undefined) ?? '');
        for (const [hour, left] of Map.groupBy(ofShard.filter(isLeft), (line) => line.hour)) {
          const there = found.get(hour);
          found.set(hour, sumOf(there ? [there, ...left] : left));
        }
      }
      return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  };
}

function addition(
  { organization = ALL, subscription = ALL }: CountScope,
  hour: string,
  shard: string | undefined,
  lines: readonly CountedAt[],
  isLonger: boolean,
) {
  const { counts, longestMs } = sumOf(lines);
  const values: Record<string, unknown> = {
    ':end': Date.parse(`${hour}:00:00Z`) / 1000 + STATISTICS_DAYS * DAY_SECONDS,
  };
  const set = ['expires_at = :end'];
  const conditions: string[] = [];
  if (shard !== undefined) {
    const mark = markOf(shard);
    values[':first'] = padded(lines[0]!.sequence);
    values[':last'] = padded(lines.at(-1)!.sequence);
    set.push(`${mark} = :last`);
    conditions.push(`(attribute_not_exists(${mark}) OR ${mark} < :first)`);
  }
  if (isLonger) {
    values[':longest'] = longestMs;
    set.push(`${LONGEST} = :longest`);
    conditions.push(`(attribute_not_exists(${LONGEST}) OR ${LONGEST} < :longest)`);
  }
  const added = Object.entries(counts).map(([name, n]) => {
    values[`:${name}`] = n;
    return `${name} :${name}`;
  });
  return {
    Key: { organization, scope_hour: `${subscription}#${hour}` },
    UpdateExpression: `SET ${set.join(', ')} ADD ${added.join(', ')}`,
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
    ExpressionAttributeValues: values,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

/** `shardId-00000001414576573621-f55eea83` → `shard_00000001414576573621_f55eea83`: names in expressions have no hyphen. */
function markOf(shard = ''): string {
  return MARK + shard.replace(/^shardId-/, '').replaceAll(/\W/g, '_');
}

function fromItem(item: Record<string, unknown>): Counted {
  const counts = Object.entries(item).filter(([name]) => !OTHERS.test(name));
  return { counts: Object.fromEntries(counts) as Counts, longestMs: item[LONGEST] as number | undefined };
}
