import { describe, expect, it } from 'vitest';
import { event, eventMessage, goesTo, NOW, received, row, throttled, world } from './support.ts';

describe('a second run', () => {
  it('after a crash between record and enqueue queues everything that was recorded, to be rechecked', async () => {
    const rows = [row('sub_1'), row('sub_2', { format: 'thin' })];
    const { run, sent, recorded } = world(rows);
    const one = event();
    recorded.set(one.id, [
      { subscription: 'sub_1', format: 'standard' },
      { subscription: 'sub_2', format: 'thin' },
    ]);
    // Edited between the runs: who gets the event, and how, stays as it was recorded.
    rows.splice(0, 2, row('sub_2', { format: 'envelope' }), row('sub_3'));

    expect(await run([received(one)])).toEqual([]);

    expect(goesTo(sent())).toEqual(['sub_1', 'sub_2']);
    expect(sent().map(({ recheck, format }) => [recheck, format])).toEqual([
      [true, 'standard'],
      [true, 'thin'],
    ]);
  });

  it('in the same batch is rechecked too', async () => {
    const { run, sent } = world([row('sub_1')]);
    const one = event();
    await run([received(one), { ...received(one), messageId: 'copy' }]);
    expect(sent().map(({ recheck }) => recheck)).toEqual([undefined, true]);
  });

  it('of a ping is still sent to an inactive subscription', async () => {
    const { run, sent, recorded } = world([row('sub_off', { active: false })]);
    const one = event({ type: 'ping' });
    recorded.set(one.id, [{ subscription: 'sub_off', format: 'standard' }]);
    await run([received(one, { only: 'sub_off' })]);
    expect(sent()).toMatchObject([{ recheck: true, even_if_inactive: true }]);
  });
});

describe('what goes wrong with one event', () => {
  it('throttled while reading subscriptions: the events of that organization come back, no other', async () => {
    const { run, sent, cameBack } = world([], {
      subscriptions: {
        async *pages(organization) {
          if (organization === 'busy') throw throttled();
          yield [row('sub_1')];
        },
        get: async () => undefined,
      },
    });
    const [busy, fine] = [event({ organization: 'busy' }), event()];
    expect(await run([received(busy), received(fine)])).toEqual([]);
    expect(cameBack()).toEqual([busy.id]);
    expect(sent().map(({ event: { id } }) => id)).toEqual([fine.id]);
  });

  it('throttled while recording: that event comes back alone', async () => {
    const [bad, good] = [event(), event()];
    const { run, sent, lines, cameBack } = world([row('sub_1')], {
      events: {
        record: async (one, matches) => {
          if (one.id === bad.id) throw throttled();
          return { matches, first: true };
        },
      },
    });

    expect(await run([received(bad), received(good)])).toEqual([]);

    expect(cameBack()).toEqual([bad.id]);

    expect(sent().map(({ event: { id } }) => id)).toEqual([good.id]);
    expect(lines.filter(({ level }) => level === 'error').map(({ fields }) => fields.event_id)).toEqual([bad.id]);
  });

  it('throttled for a moment: it is recorded in the same run, and no neighbour waits for it', async () => {
    const [busy, good] = [event(), event()];
    let tries = 0;
    const sentBefore: number[] = [];
    const { run, sent, cameBack, counts } = world([row('sub_1')], {
      events: {
        record: async (one, matches) => {
          if (one.id === busy.id && ++tries <= 2) throw throttled();
          return { matches, first: true };
        },
      },
      sleep: async () => void sentBefore.push(sent().length),
    });

    expect(await run([received(busy), received(good)])).toEqual([]);

    expect(sentBefore).toEqual([1, 1]);
    expect(sent().map(({ event: { id } }) => id)).toEqual([good.id, busy.id]);
    expect(cameBack()).toEqual([]);
    expect(counts.get('EventsFannedOut')).toBe(2);
  });

  it('that fails for another reason is not tried again in the same run', async () => {
    let tries = 0;
    const { run, cameBack } = world([row('sub_1')], {
      events: {
        record: async () => {
          tries += 1;
          throw new Error('no such table');
        },
      },
    });
    const one = event();

    await run([received(one)]);

    expect(tries).toBe(1);
    expect(cameBack()).toEqual([one.id]);
  });

  it('throttled is not tried again when the function has no time left', async () => {
    const { run, waited, cameBack } = world([row('sub_1')], {
      events: {
        record: async () => {
          throw throttled();
        },
      },
    });
    const one = event();

    await run([received(one)], () => true);

    expect(waited).toEqual([]);
    expect(cameBack()).toEqual([one.id]);
  });

  it('whose subscriptions could not be read for a moment is matched in the same run', async () => {
    let reads = 0;
    const { run, sent } = world([], {
      subscriptions: {
        async *pages() {
          if (++reads === 1) throw throttled();
          yield [row('sub_1')];
        },
        get: async () => undefined,
      },
    });

    await run([received(event()), received(event())]);

    expect(goesTo(sent())).toEqual(['sub_1', 'sub_1']);
    expect(reads).toBe(2);
  });

  it.each([
    ['no JSON', 'visit ended'],
    ['a version of tomorrow', '{"v":2,"event":{}}'],
    ['no event', '{"v":1}'],
    ['an event id that is no ULID', received(event({ id: 'evt_7' })).body],
    ['an organization that no row can have', received(event({ organization: '' })).body],
    ['a ping for no id', received(event(), { only: '' }).body],
  ])(
    '%s goes to the dead letters at once with the reason, and good events beside it are fanned out',
    async (_what, body) => {
      const { run, sent, dead, counts } = world([row('sub_1')]);
      const good = event();

      expect(await run([{ messageId: 'poison', body }, received(good)])).toEqual([]);

      expect(dead).toEqual([{ body, kind: 'poison', reason: expect.stringContaining('expected') as string }]);
      expect(counts.get('EventsDeadLettered')).toBe(1);
      expect(sent().map(({ event: { id } }) => id)).toEqual([good.id]);
    },
  );

  it('a poison message that cannot be moved comes again', async () => {
    const { run, sent } = world([row('sub_1')], { toDeadLetters: async () => new Set([1]) });
    const poison = ['a', 'b', 'c'].map((messageId) => ({ messageId, body: 'poison' }));
    expect(await run([...poison, received(event())])).toEqual(['b']);
    expect(sent()).toHaveLength(1);
  });
});

describe('what fails for a reason of ours', () => {
  const unreadable = {
    subscriptions: {
      async *pages(): AsyncGenerator<never> {
        throw throttled();
      },
      get: async () => undefined,
    },
  };

  it('comes back in a new message that says since when, and uses up no receive', async () => {
    const { run, again, counts } = world([row('sub_1')], unreadable);
    const one = event();

    expect(await run([received(one, { traceparent: 'trace' })])).toEqual([]);

    expect(again).toMatchObject([{ group: 'acme', delaySeconds: 33 }]);
    expect(eventMessage(again[0]!.body)).toEqual({ v: 1, event: one, trouble_ms: NOW, traceparent: 'trace' });
    expect(counts.get('PlatformFailures')).toBe(1);
  });

  it('goes on for a day, with the time at which it began', async () => {
    const { run, again } = world([row('sub_1')], unreadable);
    const trouble_ms = NOW - 23 * 3_600_000;
    await run([received(event(), { trouble_ms })]);
    expect(again).toMatchObject([{ delaySeconds: 660 }]);
    expect(eventMessage(again[0]!.body)).toMatchObject({ trouble_ms });
  });

  it('is then a dead letter, marked as ours, that begins anew when somebody sends it back', async () => {
    const { run, again, dead, counts } = world([row('sub_1')], unreadable);
    const one = event();

    expect(await run([received(one, { trouble_ms: NOW - 24 * 3_600_000 })])).toEqual([]);

    expect(again).toEqual([]);
    expect(dead).toMatchObject([{ kind: 'platform', reason: expect.stringContaining('after a day') as string }]);
    expect(eventMessage(dead[0]!.body)).toEqual({ v: 1, event: one });
    expect(counts.get('PlatformDeadLetters')).toBe(1);
  });

  it('stays in the queue when SQS does not take the new message', async () => {
    const { run, refusals, cameBack } = world([row('sub_1')], unreadable);
    refusals.again = 1;
    const [first, second] = [event(), event()];
    expect(await run([received(first), received(second)])).toEqual([first.id]);
    expect(cameBack()).toEqual([second.id]);
  });
});
