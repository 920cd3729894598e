import { DeleteCommand, PutCommand, UpdateCommand, type DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import { hourOf } from '../../domain/counts/hours.ts';
import { inParallel } from '../../domain/in-parallel.ts';
import type { CountedLine, CountedLineStore, LinesByShard, LinesPart } from '../counted-lines.ts';
import { unlessConditionFails } from './conditional.ts';
import { DIGITS, digitsOf, HOURS, linesOf, PARTS, type LinesPage } from './counted-lines-groups.ts';
import { decodeLines, encodeLines } from './counted-lines-item.ts';
import { queryPages } from './query-pages.ts';
import { padded } from './sequence.ts';

/**
 * Lines of a batch that are written as one group, as groups of one digit, and, beyond that, of two. With few groups, rows are full
 * and few; with many, whoever asks about one organization reads little of others: some 250 KB of an hour up to 20 lines a second, 1.4 MB at 1,000.
 */
const MOST = [64, 512];
/**
 * Pages go by themselves: to delete them once they are added would cost a write for each KB again. A platform that sends
 * nothing for so long loses the counts of its last hour.
 */
const KEPT_SECONDS = 14 * 86_400;
/** Which groups an hour has: of no digit, one or two. */
const HAS = 'digits_';
/** What all hours begin with. */
const CENTURY = '20';
/** Pages written at the same time. */
const AT_ONCE = 25;

export function createCountedLineStore(
  dynamoDb: DynamoDBDocumentClient,
  table: string,
  now: () => number = Date.now,
): CountedLineStore {
  /** Hours that this process has put on the list, each with a number of digits. */
  const listed = new Set<string>();

  const expiresAt = (): number => Math.floor(now() / 1000) + KEPT_SECONDS;

  /** Whoever reads goes by the list: an hour is on it, with the groups that it has, before it has lines. */
  const list = async (hour: string, digits: number): Promise<void> => {
    const name = `${hour}/${digits}`;
    if (listed.has(name)) return;
    const update = new UpdateCommand({
      TableName: table,
      Key: { organization: HOURS, scope_hour: hour },
      UpdateExpression: `SET expires_at = :end, ${HAS}${digits} = :yes`,
      ExpressionAttributeValues: { ':end': expiresAt(), ':yes': true },
    });
    await dynamoDb.send(update);
    if (listed.size > 2 * DIGITS) listed.clear();
    listed.add(name);
  };

  const query = async (organization: string, prefix: string): Promise<Record<string, unknown>[]> => {
    const found: Record<string, unknown>[] = [];
    const pages = queryPages(dynamoDb, {
      TableName: table,
      KeyConditionExpression: 'organization = :of AND begins_with(scope_hour, :prefix)',
      ExpressionAttributeValues: { ':of': organization, ':prefix': prefix },
      ConsistentRead: true,
    });
    for await (const items of pages) found.push(...items);
    return found;
  };

  /** Pages of an hour whose group has exactly these digits. */
  const pagesOf = async (hour: string, digits: string): Promise<LinesPage[]> =>
    (await query(linesOf(hour), `${digits}#`)) as unknown as LinesPage[];

  /** Hours on the list, oldest first, and the numbers of digits that groups of each have. */
  const hours = async (): Promise<{ hour: string; lengths: number[] }[]> =>
    (await query(HOURS, CENTURY)).map((row) => ({
      hour: row.scope_hour as string,
      lengths: Array.from({ length: DIGITS + 1 }, (_, digits) => digits).filter((digits) => row[`${HAS}${digits}`]),
    }));

  return {
    hours: async () => (await hours()).map(({ hour }) => hour),

    async write(shard, lines) {
      if (lines.length === 0) return 0;
      const hour = hourOf(now());
      const fitting = MOST.findIndex((most) => lines.length <= most);
      const length = fitting === -1 ? DIGITS : fitting;
      await list(hour, length);
      const groups = [...Map.groupBy(lines, ({ organization }) => digitsOf(organization).slice(0, length))];
      await inParallel(groups, AT_ONCE, async ([digits, ofGroup]) => {
        const scope_hour = `${digits}#${shard}#${padded(ofGroup[0]!.sequence)}`;
        const Item = { organization: linesOf(hour), scope_hour, lines: encodeLines(ofGroup), expires_at: expiresAt() };
        await dynamoDb.send(new PutCommand({ TableName: table, Item }));
      });
      return groups.length;
    },

    async ofOrganization(organization) {
      const digits = digitsOf(organization);
      const groups = (await hours()).flatMap(({ hour, lengths }) =>
        lengths.map((length) => pagesOf(hour, digits.slice(0, length))),
      );
      const found = [...linesIn((await Promise.all(groups)).flat())];
      return inOrder(found.filter(({ line }) => line.organization === organization));
    },

    async claim(hour, nowMs, forMs) {
      const claimed = await unlessConditionFails(
        dynamoDb.send(
          new UpdateCommand({
            TableName: table,
            Key: { organization: HOURS, scope_hour: hour },
            UpdateExpression: 'SET taken_until_ms = :until',
            ConditionExpression:
              'attribute_exists(organization) AND (attribute_not_exists(taken_until_ms) OR taken_until_ms < :now)',
            ExpressionAttributeValues: { ':until': nowMs + forMs, ':now': nowMs },
            ReturnValues: 'ALL_NEW',
          }),
        ),
      );
      return claimed && ((claimed.Attributes?.part as number | undefined) ?? 0);
    },

    async *parts(hour, from): AsyncIterable<LinesPart> {
      const lengths = (await hours()).find((one) => one.hour === hour)?.lengths ?? [];
      // Of each length the group that was read last: parts of the same wider group follow each other.
      const read = new Map<number, { group: string; byDigits: Map<string, Found[]> }>();
      const ofGroup = async (group: string): Promise<Map<string, Found[]>> => {
        const known = read.get(group.length);
        if (known?.group === group) return known.byDigits;
        const digits = digitsOnce();
        const byDigits = Map.groupBy(linesIn(await pagesOf(hour, group)), ({ line }) => digits(line.organization));
        read.set(group.length, { group, byDigits });
        return byDigits;
      };
      // Small parts whatever the groups: what one invocation cannot add of an hour, the next ones can.
      for (let part = from; part < PARTS; part++) {
        const digits = part.toString(8).padStart(DIGITS, '0');
        const found: Found[][] = [];
        for (const length of lengths) found.push((await ofGroup(digits.slice(0, length))).get(digits) ?? []);
        yield { lines: inOrder(found.flat()), next: part + 1 < PARTS ? part + 1 : undefined };
      }
    },

    async leave(hour, part) {
      await dynamoDb.send(
        new UpdateCommand({
          TableName: table,
          Key: { organization: HOURS, scope_hour: hour },
          UpdateExpression: 'SET part = :part REMOVE taken_until_ms',
          ConditionExpression: 'attribute_exists(organization)',
          ExpressionAttributeValues: { ':part': part },
        }),
      );
    },

    async end(hour) {
      await dynamoDb.send(new DeleteCommand({ TableName: table, Key: { organization: HOURS, scope_hour: hour } }));
    },
  };
}

/** {@link digitsOf} for many lines of few organizations. */
function digitsOnce(): (organization: string) => string {
  const known = new Map<string, string>();
  return (organization) => {
    const digits = known.get(organization) ?? digitsOf(organization);
    known.set(organization, digits);
    return digits;
  };
}

interface Found {
  shard: string;
  line: CountedLine;
}

function* linesIn(pages: readonly LinesPage[]): Iterable<Found> {
  for (const { scope_hour, lines } of pages) {
    const shard = scope_hour.split('#')[1]!;
    for (const line of decodeLines(lines)) yield { shard, line };
  }
}

/** Each line once: those of a batch that came again lie in pages of both. */
function inOrder(lines: readonly Found[]): LinesByShard {
  const found = new Map<string, Map<string, CountedLine>>();
  for (const { shard, line } of lines) {
    const ofShard = found.get(shard) ?? new Map<string, CountedLine>();
    found.set(shard, ofShard);
    ofShard.set(padded(line.sequence), line);
  }
  return new Map(
    [...found].map(([shard, ofShard]) => [
      shard,
      [...ofShard].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line),
    ]),
  );
}
