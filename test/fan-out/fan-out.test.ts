import { describe, expect, it } from 'vitest';
import { problemText } from '../../lambdas/domain/subscription/problem-note.ts';
import { event, goesTo, NOW, received, row, throttled, world } from './support.ts';

describe('who gets an event', () => {
  it('every subscription of its organization that it matches, each once', async () => {
    const { run, sent, recorded } = world([
      row('sub_all'),
      row('sub_service', { events: 'visit' }),
      row('sub_overlap', { events: ['*', 'visit.*', 'visit.ended'] }),
      row('sub_other_type', { events: ['shift.created'] }),
      row('sub_off', { active: 'FALSE' }),
      row('sub_foreign', { organization: 'other' }),
    ]);
    const one = event();

    expect(await run([received(one)])).toEqual([]);

    expect(goesTo(sent())).toEqual(['sub_all', 'sub_overlap', 'sub_service']);
    expect(
      recorded
        .get(one.id)
        ?.map(({ subscription }) => subscription)
        .sort(),
    ).toEqual(goesTo(sent()));
  });

  it('that tells of an endpoint: who asks to be told, but not that one; when nobody asks, it leaves no trace', async () => {
    const { run, sent, recorded } = world([
      row('sub_down', { events: ['*', 'posthorn.*'] }),
      row('sub_asks', { events: 'posthorn.endpoint.*' }),
      row('sub_all'),
    ]);
    const down = event({ type: 'posthorn.endpoint.down', resource_id: 'sub_down' });
    const exhausted = event({ type: 'posthorn.delivery.exhausted', resource_id: 'sub_down' });

    expect(await run([received(down), received(exhausted)])).toEqual([]);

    expect(goesTo(sent())).toEqual(['sub_asks']);
    expect([...recorded.keys()]).toEqual([down.id]);
  });

  it('of two accounts the one that the event belongs to, and who listens to the whole organization', async () => {
    const { run, sent } = world([
      row('sub_north', { account: 'north' }),
      row('sub_south', { account: 'south' }),
      row('sub_all'),
    ]);
    await run([received(event({ account: 'north' }))]);
    expect(goesTo(sent())).toEqual(['sub_all', 'sub_north']);
  });

  it('also when the catalogue does not know its type', async () => {
    const { run, sent } = world([row('sub_all'), row('sub_service', { events: 'invoice' })]);
    expect(await run([received(event({ type: 'invoice.paid' }))])).toEqual([]);
    expect(goesTo(sent())).toEqual(['sub_all', 'sub_service']);
  });

  it('not who has a row that says that nothing is sent, though it could be read; it is counted, and a ping ends as well', async () => {
    const problem = problemText('', 'id: expected one that no other organization uses.');
    const { run, sent, counts } = world([
      row('sub_good'),
      row('sub_copied', { problem }),
      row('sub_gone_once', { problem: 'The endpoint answered 410 Gone on Monday.' }),
    ]);

    expect(await run([received(event()), received(event(), { only: 'sub_copied' })])).toEqual([]);

    expect(goesTo(sent())).toEqual(['sub_gone_once', 'sub_good']);
    expect(counts.get('UnreadableSubscriptions')).toBe(1);
  });

  it('not who has a row that cannot be understood; the others are not disturbed, and a metric counts it', async () => {
    const { run, sent, counts, lines } = world([
      row('sub_good'),
      row('sub_bad', { events: [] }),
      row('sub_worse', { format: 'xml', url: 7n }),
      { organization: 'acme', id: 'sub.broken' },
    ]);

    expect(await run([received(event()), received(event())])).toEqual([]);

    expect(goesTo(sent())).toEqual(['sub_good', 'sub_good']);
    expect(counts.get('UnreadableSubscriptions')).toBe(3);
    const warning = lines.find(({ level }) => level === 'warn')?.fields;
    expect(warning).toMatchObject({ count: 3, subscriptions: ['sub_bad', 'sub_worse', 'sub.broken'] });
  });

  it('nobody when nothing matches: the event is recorded all the same', async () => {
    const { run, queues, recorded } = world([]);
    const one = event();
    expect(await run([received(one)])).toEqual([]);
    expect(recorded.get(one.id)).toEqual([]);
    expect(queues.fast.calls).toEqual([]);
  });
});

describe('a delivery', () => {
  it('carries the event unchanged, the format as it is now, the time, the trace and its group', async () => {
    const { run, sent, queues } = world([row('sub_1', { format: 'Thin' })]);
    const one = event({ account: 'north', resource_id: 'r1' });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    await run([received(one, { traceparent })]);

    expect(sent()).toEqual([
      { v: 1, event: one, subscription_id: 'sub_1', format: 'thin', queued_ms: NOW, traceparent },
    ]);
    expect(queues.fast.calls[0]![0]!.group).toBe('sub_1');
  });

  it('takes the slow lane when its endpoint is slow', async () => {
    const { run, sent, slow } = world([row('sub_quick'), row('sub_slow')]);
    slow.add('sub_slow');
    await run([received(event())]);
    expect(goesTo(sent('fast'))).toEqual(['sub_quick']);
    expect(goesTo(sent('slow'))).toEqual(['sub_slow']);
  });

  it('takes the fast lane when it cannot be known who is slow', async () => {
    const { run, sent, lines } = world([row('sub_1')], { lanes: { load: () => Promise.reject(throttled()) } });
    expect(await run([received(event())])).toEqual([]);
    expect(goesTo(sent('fast'))).toEqual(['sub_1']);
    expect(lines.some(({ level }) => level === 'warn')).toBe(true);
  });
});

describe('a ping', () => {
  const ping = () => {
    const { data: _data, ...one } = event({ type: 'ping' });
    return one;
  };

  it('goes to the subscription it was asked for alone, though it is inactive, of an account and listens to something else', async () => {
    const { run, sent, reads } = world([
      row('sub_off', { active: false, account: 'north', events: ['shift.created'], format: 'envelope' }),
      row('sub_on'),
    ]);
    const one = ping();

    expect(await run([received(one, { only: 'sub_off' })])).toEqual([]);

    expect(sent()).toEqual([
      { v: 1, event: one, subscription_id: 'sub_off', format: 'envelope', queued_ms: NOW, even_if_inactive: true },
    ]);
    expect(reads).toEqual([]);
  });

  it.each([
    ['is deleted', []],
    ['cannot be understood', [row('sub_1', { url: '' })]],
    ['is another organization’s', [row('sub_1', { organization: 'other' })]],
  ])('goes nowhere when its subscription %s', async (_what, rows) => {
    const { run, sent, lines } = world(rows);
    expect(await run([received(ping(), { only: 'sub_1' })])).toEqual([]);
    expect(sent()).toEqual([]);
    expect(lines.find(({ level }) => level === 'warn')?.message).toBe('ping target not found');
  });

  it('that was asked for no subscription goes nowhere', async () => {
    const { run, sent } = world([row('sub_all')]);
    expect(await run([received(ping())])).toEqual([]);
    expect(sent()).toEqual([]);
  });
});

describe('the log', () => {
  it('has one line for all events that went the usual way', async () => {
    const { run, lines } = world([row('sub_1'), row('sub_2')]);
    const events = [event(), event({ data: '{"patient":"Ada"}' })];

    await run(events.map((one) => received(one)));

    expect(lines.map(({ fields }) => fields)).toEqual([
      { events: events.map(({ id }) => id), matched: 4, queued: 4, duration_ms: expect.any(Number) as number },
    ]);
    expect(JSON.stringify(lines)).not.toContain('Ada');
  });

  it('has a line for an event that did not, with ids and numbers and without data', async () => {
    const { run, lines, slow } = world([row('sub_1'), row('sub_2'), row('sub_off', { active: false })]);
    slow.add('sub_2');
    const one = event({ data: '{"patient":"Ada"}' });

    await run([received(one)]);

    expect(lines.map(({ fields }) => fields)).toEqual([
      expect.objectContaining({
        event_id: one.id,
        organization: 'acme',
        matched: 2,
        queued: 2,
        slow: 1,
        run: 'first',
        decision: 'done',
      }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('Ada');
  });
});
