import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aMessage, answer, ORGANIZATION, SenderBench } from '../support/sender.ts';

// A row typed by hand may have the id of another organization's subscription: it gets nothing, and the owner notices
// nothing of it.

const COPIER = 'org_copier';

/** A delivery of the organization that has only copied a row. */
const aForeign = (change: Parameters<typeof aMessage>[0] = {}) =>
  aMessage({ ...change, event: { ...change.event, organization: COPIER } });

describe('a delivery to an id that is another organization’s', () => {
  it.each([
    ['whose row was duplicated', (bench: SenderBench) => bench.type(COPIER, 'sub_1')],
    ['whose duplicated row is inactive', (bench: SenderBench) => bench.type(COPIER, 'sub_1', { active: false })],
    ['whose duplicated row is gone again', () => undefined],
  ])(
    '%s ends without a request, a line in that one’s log, a word about its endpoint, or a dead letter',
    async (_, type) => {
      const bench = new SenderBench();
      type(bench);

      const left = await bench.run([aForeign(), aForeign({ receive: 4 })]);

      expect(left).toEqual([]);
      expect(bench.requests).toEqual([]);
      expect(bench.log).toEqual([]);
      expect(bench.healthChanges).toEqual([]);
      expect(bench.deadLetters).toEqual([]);
      expect(bench.lines.filter(({ message }) => message === 'delivery foreign')).toHaveLength(2);
    },
  );

  it('is not held behind that one’s circuit', async () => {
    const bench = new SenderBench();
    bench.type(COPIER, 'sub_1');
    bench.healthRows.set('sub_1', { subscription: 'sub_1', organization: ORGANIZATION, failures: 20, circuit: 'open' });

    await bench.run([aForeign()]);

    expect(bench.held).toEqual([]);
  });
});

describe('a message whose keys no table can hold', () => {
  it.each([
    ['an empty id', { subscription_id: '' }],
    ['an id longer than a key may be', { subscription_id: 'x'.repeat(3000) }],
    ['an empty organization', { event: { organization: '' } }],
    ['an event id that is none', { event: { id: 'evt_ 1' } }],
  ])('goes to the dead letters at once, its neighbours out: %s', async (_, change) => {
    const bench = new SenderBench();

    const left = await bench.run([aMessage(change), aMessage()]);

    expect(left).toEqual([]);
    expect(bench.deadLetters).toHaveLength(1);
    expect(bench.outcomes()).toEqual(['delivered']);
  });
});

describe('any batch of owners’ and copiers’ deliveries', () => {
  const IDS = ['1', 'main', 'default'];
  const STATUSES = [200, 500, 410];
  const aWish = fc.record({
    organization: fc.constantFrom(ORGANIZATION, COPIER, 'org_third'),
    subscription_id: fc.constantFrom(...IDS),
    receive: fc.integer({ min: 1, max: 4 }),
  });

  /** What a batch left behind, for the owners. */
  async function carriedOut(messages: ReturnType<typeof aMessage>[], owners: readonly string[]) {
    const bench = new SenderBench();
    for (const [n, id] of IDS.entries()) {
      for (const organization of [ORGANIZATION, COPIER, 'org_third']) bench.type(organization, id);
      bench.owners.set(id, owners[n]!);
      bench.secrets.set(id, bench.secrets.get('sub_1')!);
    }
    bench.customer = ({ url }) => answer(STATUSES[IDS.findIndex((id) => url.startsWith(`https://${id}.`))]!);
    const left = await bench.run(messages);
    const { log, requests, visibility, healthChanges, deactivated, deadLetters } = bench;
    const lines = log.map(({ id: _, ...line }) => line);
    return { left, log: lines, requests: requests.length, visibility, healthChanges, deactivated, deadLetters };
  }

  it('does for the owners what it does without the copiers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aWish, { maxLength: 10 }),
        fc.array(fc.constantFrom(ORGANIZATION, COPIER), { minLength: 3, maxLength: 3 }),
        async (wishes, owners) => {
          const messages = wishes.map(({ organization, subscription_id, receive }) =>
            aMessage({ subscription_id, receive, event: { organization } }),
          );
          const own = messages.filter(
            ({ message }) => owners[IDS.indexOf(message.subscription_id)] === message.event.organization,
          );

          expect(await carriedOut(messages, owners)).toEqual(await carriedOut(own, owners));
        },
      ),
    );
  });
});
