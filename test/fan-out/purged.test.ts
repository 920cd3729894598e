import { describe, expect, it } from 'vitest';
import { gravesOf, unreadableGraves } from '../support/graves.ts';
import { event, NOW, received, row, world } from './support.ts';

describe('events of an organization that is purged', () => {
  it('are neither recorded nor sent, and take nothing from the others of their batch', async () => {
    const rows = [row('sub_1'), row('sub_2', { organization: 'other' })];
    const { run, sent, recorded } = world(rows, { graves: gravesOf({ organization: 'acme' }) });
    const [dead, alive] = [event(), event({ organization: 'other' })];

    expect(await run([received(dead), received(alive)])).toEqual([]);

    expect([...recorded.keys()]).toEqual([alive.id]);
    expect(sent().map(({ subscription_id }) => subscription_id)).toEqual(['sub_2']);
  });

  it('wait, when they come late, until it can be read who is purged; those that come in time wait for nobody', async () => {
    const [late, punctual] = [event({ enqueued_ms: NOW - 60_000 }), event({ enqueued_ms: NOW - 1000 })];
    const { run, recorded, cameBack, again, counts } = world([row('sub_1')], { graves: unreadableGraves(NOW - 1000) });

    expect(await run([received(late), received(punctual)])).toEqual([]);

    expect([...recorded.keys()]).toEqual([punctual.id]);
    expect(cameBack()).toEqual([late.id]);
    expect(again[0]).toMatchObject({ group: 'acme', delaySeconds: 33 });
    expect(counts.get('PlatformFailures')).toBe(1);
  });

  it('are dropped all the same where an older list names them', async () => {
    const graves = { ...gravesOf({ organization: 'acme' }), isUnsure: () => true };
    const { run, recorded, again } = world([row('sub_1')], { graves });

    expect(await run([received(event())])).toEqual([]);

    expect([...recorded.keys(), ...again]).toEqual([]);
  });

  it('go on as they are when they were accepted after it had ended', async () => {
    const graves = gravesOf({ organization: 'acme', through_ms: NOW - 1000, ended_ms: NOW - 1000 });
    const { run, sent } = world([row('sub_1')], { graves });

    await run([received(event({ enqueued_ms: NOW - 1000 })), received(event({ enqueued_ms: NOW - 999 }))]);

    expect(sent()).toHaveLength(1);
  });
});
