import { describe, expect, it } from 'vitest';
import { gravesOf } from '../support/graves.ts';
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

  it('go on as they are when they were accepted after it had ended', async () => {
    const graves = gravesOf({ organization: 'acme', through_ms: NOW - 1000, ended_ms: NOW - 1000 });
    const { run, sent } = world([row('sub_1')], { graves });

    await run([received(event({ enqueued_ms: NOW - 1000 })), received(event({ enqueued_ms: NOW - 999 }))]);

    expect(sent()).toHaveLength(1);
  });
});
