import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../../lambdas/domain/messages/messages.ts';
import { readBatch } from '../../../lambdas/domain/messages/received.ts';

const POISON = 'Jane Roe';

function setUp(refused: number[] = []) {
  const letters: DeadLetter[] = [];
  const lines: { message: string; fields: unknown }[] = [];
  const nothing = (): void => undefined;
  const read = (bodies: string[]) =>
    readBatch(
      bodies.map((body, index) => ({ messageId: `m${index}`, body })),
      ({ body }) => (body === POISON ? { ok: false, reason: 'expected JSON' } : { ok: true, message: Number(body) }),
      {
        what: 'event',
        toDeadLetters: async (all) => {
          letters.push(...all);
          return new Set(refused);
        },
        logger: { info: nothing, warn: nothing, error: (message, fields) => void lines.push({ message, fields }) },
      },
    );
  return { read, letters, lines };
}

describe('a batch of messages', () => {
  it('without poison is read in order, and asks for nothing', async () => {
    const { read, letters } = setUp();

    const batch = await read(['1', '2']);

    expect(batch.works.map(({ received, message }) => [received.messageId, message])).toEqual([
      ['m0', 1],
      ['m1', 2],
    ]);
    expect([batch.poison, batch.stay, letters]).toEqual([0, [], []]);
  });

  it('has its poison moved with the reason, whose body stands in no log line', async () => {
    const { read, letters, lines } = setUp();

    const batch = await read(['1', POISON, '2']);

    expect(batch.works.map(({ message }) => message)).toEqual([1, 2]);
    expect([batch.poison, batch.stay]).toEqual([1, []]);
    expect(letters).toEqual([{ body: POISON, reason: 'expected JSON', kind: 'poison' }]);
    expect(lines).toEqual([
      {
        message: 'event cannot be processed',
        fields: { message_id: 'm1', reason: 'expected JSON', decision: 'dead-lettered' },
      },
    ]);
  });

  it('keeps what the dead letters did not take', async () => {
    const { read, lines } = setUp([1]);

    expect(await read([POISON, POISON])).toMatchObject({ works: [], poison: 2, stay: ['m1'] });
    expect(lines[1]).toMatchObject({ fields: { message_id: 'm1', decision: 'retry' } });
  });
});
