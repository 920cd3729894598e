import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { itemBytes, writeUnits } from '../../local/dynamodb/item-size.ts';
import type { Item } from '../../local/dynamodb/types.ts';
import { AWS } from '../../local/like-aws/numbers.ts';
import { toItems } from '../../lambdas/stores/dynamodb/event-item.ts';
import { sampleEvent, ulid } from '../../bench/support/sample.ts';
import { withMarked } from './marked.ts';

/** `data` of 534 bytes, as the largest of the yardsticks' samples; and larger ones. */
const DATA_BYTES = [534, 2048, 10_240];
const SUBSCRIPTIONS = [1, 5, 20, 1000, 10_000];
/** Of an ordinary row of a subscription. */
const ROW_BYTES = 512;
/** Events that fan-out gets at once, at most. */
const BATCH = 10;
/** Of a strongly consistent read. */
const READ_UNIT_BYTES = 4096;

/** Write units of what is recorded of one event under the key of its organization. */
function unitsOf(dataBytes: number, subscriptions: number): number {
  const event = { ...sampleEvent(1), data: JSON.stringify({ note: 'x'.repeat(dataBytes - '{"note":""}'.length) }) };
  const matches = Array.from({ length: subscriptions }, (_, n) => ({
    subscription: `sub_${ulid(n)}`,
    format: 'standard' as const,
  }));
  const { main, overflow } = toItems(event, matches, { expiresAt: 1_800_000_000, run: '' });
  expect(overflow).toEqual([]);
  return writeUnits(itemBytes(marshall(main, { removeUndefinedValues: true }) as Item));
}

/** Fan-out reads all rows of an organization once for each batch. */
function batchesASecond(subscriptions: number): number {
  return AWS.keyReads / Math.ceil((subscriptions * ROW_BYTES) / READ_UNIT_BYTES);
}

const rounded = (n: number): string => (n < 10 ? n.toFixed(1) : Math.floor(n).toLocaleString('en'));

function table(): string {
  const rows = SUBSCRIPTIONS.map((subscriptions) => {
    const written = DATA_BYTES.map((bytes) => AWS.keyWrites / unitsOf(bytes, subscriptions));
    const read = batchesASecond(subscriptions);
    return [subscriptions.toLocaleString('en'), ...written.map(rounded), rounded(read), rounded(read * BATCH)];
  });
  const headings = [
    'subscriptions that match',
    'events/s of 534 bytes',
    'of 2 KB',
    'of 10 KB',
    'read: events/s one by one',
    `in batches of ${BATCH}`,
  ];
  return [headings, headings.map((_, n) => (n === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

describe('docs/scale.md', () => {
  // Written anew by: npm run vitest -- test/docs/scale.test.ts -u
  it('says how many events of one organization its keys take, by what is written and read of each', async () => {
    const { page, anew } = await withMarked('docs/scale.md', { 'one-organization': table() });

    await expect(anew).toMatchFileSnapshot(page);
  });
});
