import { describe, expect, it } from 'vitest';
import { createMissedSent } from '../../lambdas/stores/missed-sent.ts';
import type { Noted, Notes } from '../../lambdas/stores/subscription-notes.ts';

// When a row stops saying that something is left to be sent. Doubled: the row.

const KEY = { organization: 'org_1', subscription: 'sub_1' };
const at = (minute: number): string => new Date(minute * 60_000).toISOString();
const time = (from: number, to: number) => ({ since_ms: from * 60_000, until_ms: to * 60_000 });

function setUp(row: Record<string, unknown> | undefined, ...answers: Noted[]) {
  const notes: Notes[] = [];
  const missedSent = createMissedSent({
    read: async () => row && { row },
    note: async (_snapshot, written) => {
      notes.push(written);
      return answers.shift() ?? 'done';
    },
  });
  return { notes, missedSent };
}

describe('what was missed and is on its way now', () => {
  const ROW = { missed_since: at(10), missed_until: at(20) };
  const GONE = { missed_since: null, missed_until: null };

  it.each([
    ['all of it', time(10, 20)],
    ['more than it', time(0, 30)],
  ])('is taken off the row: %s', async (_what, sent) => {
    const { notes, missedSent } = setUp(ROW);

    await missedSent(KEY, sent);

    expect(notes).toEqual([GONE]);
  });

  it.each([
    ['its end alone', ROW, time(11, 20)],
    ['its beginning alone', ROW, time(10, 19)],
    ['nothing was missed', {}, time(0, 30)],
    ['somebody typed there', { missed_since: 'soon', missed_until: at(20) }, time(0, 30)],
    ['the row is gone', undefined, time(0, 30)],
  ])('leaves the row as it is: %s', async (_what, row, sent) => {
    const { notes, missedSent } = setUp(row);

    await missedSent(KEY, sent);

    expect(notes).toEqual([]);
  });

  it('is taken off a row that was changed meanwhile, unless it changes all the time', async () => {
    const changing = setUp(ROW, 'changed', 'done');
    const busy = setUp(ROW, 'changed', 'changed', 'changed', 'changed');

    await changing.missedSent(KEY, time(10, 20));
    await busy.missedSent(KEY, time(10, 20));

    expect([changing.notes.length, busy.notes.length]).toEqual([2, 3]);
  });
});
