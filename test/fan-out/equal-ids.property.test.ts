import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemText } from '../../lambdas/domain/subscription/problem-note.ts';
import type { SubscriptionRow } from '../../lambdas/domain/subscription/subscription.ts';
import { event, received, row, world } from './support.ts';

// Rows typed by hand, of organizations that use the same few ids: what a CSV with ids 1, main and default makes, or
// "Duplicate item" with another organization.

const ORGANIZATIONS = ['acme', 'other', 'third'];
const IDS = ['1', 'main', 'default'];

/** What people type, understood or not, and what the guard writes. */
const aRow = fc.record({
  organization: fc.constantFrom(...ORGANIZATIONS),
  id: fc.constantFrom(...IDS),
  fields: fc.record(
    {
      events: fc.constantFrom<unknown[]>(
        '*',
        'visit',
        ['visit.ended'],
        new Set(['shift.created']),
        '',
        'visit.ended, *',
      ),
      active: fc.constantFrom<unknown[]>(true, 'no', 1n, 'maybe'),
      format: fc.constantFrom<unknown[]>('thin', 'Envelope', 'xml'),
      problem: fc.constantFrom<unknown[]>(
        problemText('', 'id: expected another.'),
        'The endpoint answered 410 Gone.',
        7,
      ),
    },
    { requiredKeys: [] },
  ),
});

/** One row for each key, as a table has it. */
const aTable = fc
  .array(aRow, { maxLength: 9 })
  .map((rows) => [...new Map(rows.map((one) => [`${one.organization}/${one.id}`, one])).values()])
  .map((rows) => rows.map(({ organization, id, fields }) => row(id, { organization, ...fields })));

/** Who gets an event of each organization, with all rows in one table. */
async function matchedIn(rows: SubscriptionRow[]): Promise<unknown[]> {
  const one = world(rows);
  const events = ORGANIZATIONS.map((organization) => event({ organization }));
  await one.run(events.map((message) => received(message)));
  return events.map(({ id }) => one.recorded.get(id));
}

describe('organizations that use the same ids', () => {
  it('match as if each were alone', async () => {
    await fc.assert(
      fc.asyncProperty(aTable, async (rows) => {
        const alone = await Promise.all(
          ORGANIZATIONS.map((organization) => matchedIn(rows.filter((one) => one.organization === organization))),
        );

        expect(await matchedIn(rows)).toEqual(ORGANIZATIONS.map((_, n) => alone[n]![n]));
      }),
    );
  });

  it('get nothing for a row that says that nothing is sent', async () => {
    await fc.assert(
      fc.asyncProperty(aTable, async (rows) => {
        const silent = rows.filter(({ problem }) => String(problem).includes('Nothing is sent'));

        const matched = await matchedIn(rows);

        for (const { organization, id } of silent) {
          const matches = matched[ORGANIZATIONS.indexOf(String(organization))] as { subscription: string }[];
          expect(matches.map(({ subscription }) => subscription)).not.toContain(id);
        }
      }),
    );
  });
});
