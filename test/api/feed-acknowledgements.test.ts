import { describe, expect, it } from 'vitest';
import { startFeedApi, api, aFeed, idOf, keep, feed, ack, idsOf, linesOf } from './feed-support.ts';

startFeedApi();

describe('an acknowledgement', () => {
  it('ends what was given out up to there: a line for each, and it is given out no more', async () => {
    const id = await aFeed({ account: 'acc_1' });
    const events = [await keep(id, idOf(9000)), await keep(id, idOf(8000)), await keep(id, idOf(7000))];
    const { body } = await feed(id);

    const answer = await ack(id, { through: events[1], page: body.page });

    expect([answer.status, answer.body]).toEqual([200, { acknowledged: 2 }]);
    expect(idsOf(await feed(id))).toEqual([events[2]]);
    const lines = await linesOf(id);
    expect(lines.map(({ event_id }) => event_id)).toEqual([events[1], events[0]]);
    expect(lines[0]).toMatchObject({
      outcome: 'delivered',
      attempt: 1,
      account: 'acc_1',
      url: '',
      format: 'standard',
      request_headers: {
        'webhook-id': events[1],
        'webhook-signature': expect.stringMatching(/^v1,[\w+/]+\*\*\*$/) as string,
      },
    });
    expect(lines[0]!.request_bytes).toBe(Buffer.byteLength(body.data[1]!.body!));
    expect(lines[0]!.fetched_ms).toBeLessThanOrEqual(lines[0]!.attempted_ms);
    const shown = await api.call('GET', `/v1/attempts/${lines[0]!.id}`);
    expect(shown.body).toMatchObject({ outcome: 'delivered', fetched_at: expect.any(String) as string });
  });

  it('leaves what came in between, behind the last one: a late one, and a newer copy', async () => {
    const id = await aFeed();
    const [first, late, last] = [idOf(9000), idOf(8000), idOf(7000)];
    await keep(id, first);
    await keep(id, last);
    const { body } = await feed(id);
    await keep(id, late);
    await keep(id, first, {}, { heldMs: Date.now() + 1, replay: 'redeliver' });

    const answer = await ack(id, { through: last, page: body.page });

    expect(answer.body).toEqual({ acknowledged: 1 });
    expect(idsOf(await feed(id))).toEqual([first, late]);
  });

  it('that is repeated does nothing more, and one that died half-way leaves one line', async () => {
    const id = await aFeed();
    const event = await keep(id, idOf());
    const { body } = await feed(id);
    const { removeRead } = api.deps.held;
    api.deps.held.removeRead = () => Promise.reject(new Error('died'));
    expect((await ack(id, { through: event, page: body.page })).status).toBe(503);
    api.deps.held.removeRead = removeRead;

    const answers = [];
    for (let n = 0; n < 2; n++) answers.push((await ack(id, { through: event, page: body.page })).body);

    expect(answers).toEqual([{ acknowledged: 1 }, { acknowledged: 0 }]);
    expect(await linesOf(id)).toHaveLength(1);
  });

  it('ends nothing while the log takes no lines', async () => {
    const id = await aFeed();
    const event = await keep(id, idOf());
    const { body } = await feed(id);
    const { append } = api.deps.attempts;
    api.deps.attempts.append = (attempts) => Promise.resolve(attempts);
    const answer = await ack(id, { through: event, page: body.page });
    api.deps.attempts.append = append;

    expect([answer.status, answer.body.detail]).toEqual([503, expect.stringContaining('Acknowledge again')]);
    expect(idsOf(await feed(id))).toEqual([event]);
  });

  it('tells the replay that asked for it', async () => {
    const id = await aFeed();
    const counted: unknown[] = [];
    const { count } = api.deps.replays;
    api.deps.replays.count = (...of) => Promise.resolve(void counted.push(of));
    const event = await keep(id, idOf(), {}, { replay: 'rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V6' });
    const { body } = await feed(id);

    await ack(id, { through: event, page: body.page });
    api.deps.replays.count = count;

    expect(counted).toEqual([['rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V6', { done: 1, failed: 0 }]]);
    expect((await linesOf(id))[0]!.replay).toBe('rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V6');
  });

  it('ends although its replay cannot be told, which the log says', async () => {
    const id = await aFeed();
    const { count } = api.deps.replays;
    api.deps.replays.count = () => Promise.reject(new Error('throttled'));
    const event = await keep(id, idOf(), {}, { replay: 'rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V7' });
    const { body } = await feed(id);

    const answer = await ack(id, { through: event, page: body.page });
    api.deps.replays.count = count;

    expect(answer.body).toEqual({ acknowledged: 1 });
    const told = api.lines.filter((line) => line.includes('outcomes not added to their replay'));
    expect(told).toEqual([expect.stringContaining('"replay_id":"rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V7","done":1,"failed":0')]);
  });

  it('is one of a page that there was', async () => {
    const id = await aFeed();
    const event = await keep(id, idOf());
    const { page } = (await feed(id)).body;
    const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const refused = async (body: unknown): Promise<unknown> => {
      const answer = await ack(id, body);
      return [answer.status, answer.body.errors?.[0]?.pointer];
    };

    expect(await refused({ through: event, page: 'x' })).toEqual([422, '/page']);
    expect(await refused({ through: event, page: text([1]) })).toEqual([422, '/page']);
    expect(await refused({ through: event, page: text([1, [event, 'x']]) })).toEqual([422, '/page']);
    expect(await refused({ through: event, page: text([-1, [event, 1]]) })).toEqual([422, '/page']);
    expect(await refused({ through: event, page: 'A'.repeat(12_001) })).toEqual([422, '/page']);
    expect(await refused({ through: idOf(), page })).toEqual([422, '/through']);
    expect(await refused({ through: event })).toEqual([422, '/page']);
    expect(idsOf(await feed(id))).toEqual([event]);
  });
});
