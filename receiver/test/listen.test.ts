import { describe, expect, it } from 'vitest';
import type { Forwarded } from '../src/listen/forward.ts';
import { findSubscription, listen } from '../src/listen/listen.ts';
import { Refused, Unavailable, type FeedItem, type FeedPage, type Subscription } from '../src/listen/posthorn.ts';

// Listening to a feed, with Posthorn, the target and the clock in memory.

const idOf = (n: number): string => `evt_${String(n).padStart(4, '0')}`;

/** A feed of so many deliveries, and everything around it; a test replaces what is to fail. */
class Desk {
  left: string[];
  /** What the target took, each time. */
  taken: string[] = [];
  acknowledged: string[] = [];
  said: string[] = [];
  now = 0;
  waits: number[] = [];
  limit = 3;
  readonly stop = new AbortController();
  /** Called before each call; may throw. */
  onRead: () => void = () => undefined;
  onAck: () => void = () => undefined;
  target: (item: FeedItem, tries: number) => Forwarded = () => ({ status: 200 });
  subscriptions: Subscription[] = [{ id: 'sub_1', delivery: 'pull' }];
  private readonly tries = new Map<string, number>();

  constructor(count: number) {
    this.left = Array.from({ length: count }, (_, n) => idOf(n));
  }

  readonly posthorn = {
    pulled: async () => this.subscriptions,
    subscription: async (id: string) => this.subscriptions.find((one) => one.id === id)!,
    feed: async (_: string, { after = '' }: { after?: string }): Promise<FeedPage> => {
      this.onRead();
      if (this.left.length === 0) this.stop.abort();
      const data = this.left.filter((id) => id > after).slice(0, this.limit);
      const items = data.map((id) => ({
        id,
        headers: { 'webhook-timestamp': String(this.now) },
        body: `{"id":"${id}"}`,
      }));
      return { data: items, page: data.length === 0 ? null : data.join(), next: null };
    },
    acknowledge: async (_: string, { through, page }: { through: string; page: string }) => {
      this.onAck();
      const ended = page.split(',').filter((id) => id <= through);
      this.acknowledged.push(through);
      this.left = this.left.filter((id) => !ended.includes(id));
    },
  };

  async forward(item: FeedItem): Promise<Forwarded> {
    const tries = (this.tries.get(item.id) ?? 0) + 1;
    this.tries.set(item.id, tries);
    this.now += 10;
    const result = this.target(item, tries);
    if ('status' in result && result.status < 300) this.taken.push(item.id);
    return result;
  }

  listen(): Promise<number> {
    return listen('sub_1', {
      posthorn: this.posthorn,
      forward: (item) => this.forward(item),
      say: (line) => void this.said.push(line),
      progress: () => undefined,
      signal: this.stop.signal,
      now: () => this.now,
      sleep: async (ms) => {
        this.waits.push(ms / 1000);
        this.now += ms;
        // Nobody waits for ever.
        if (this.waits.length > 200) this.stop.abort();
      },
    });
  }
}

const all = (count: number): string[] => Array.from({ length: count }, (_, n) => idOf(n));

describe('listening', () => {
  it('forwards everything in order, acknowledges it, and ends when it is told to', async () => {
    const desk = new Desk(10);

    expect(await desk.listen()).toBe(10);

    expect([desk.taken, desk.left]).toEqual([all(10), []]);
    expect(desk.said).toEqual([]);
  });

  it('tries again what the target does not take, with longer and longer waits, and keeps the order', async () => {
    const desk = new Desk(3);
    desk.target = (item, tries) => (item.id === idOf(1) && tries < 4 ? { status: 500 } : { status: 204 });

    await desk.listen();

    expect(desk.taken).toEqual(all(3));
    expect(desk.waits).toEqual([1, 2, 4]);
    expect(desk.said).toEqual([
      'evt_0001: the target answered 500 (try 1); again in 1 s',
      'evt_0001: the target answered 500 (try 2); again in 2 s',
      'evt_0001: the target answered 500 (try 3); again in 4 s',
      'evt_0001: taken at try 4',
    ]);
  });

  it('acknowledges what was taken before it waits for long, and nothing that was not', async () => {
    const desk = new Desk(3);
    desk.target = ({ id }) => (id === idOf(2) ? { failure: 'ECONNREFUSED' } : { status: 200 });

    await desk.listen();

    expect(desk.left).toEqual([idOf(2)]);
    expect(desk.acknowledged.at(-1)).toBe(idOf(1));
    expect(desk.said[0]).toBe('evt_0002: the target failed: ECONNREFUSED (try 1); again in 1 s');
    expect(Math.max(...desk.waits)).toBe(30);
  });

  it('forwards nothing whose signature is a minute old: it fetches it anew', async () => {
    const desk = new Desk(4);
    desk.limit = 4;
    const ages: number[] = [];
    desk.target = ({ headers }, tries) => {
      ages.push(desk.now - Number(headers['webhook-timestamp']));
      desk.now += 25_000;
      return tries < 3 ? { status: 503 } : { status: 200 };
    };

    await desk.listen();

    expect(desk.taken).toEqual(all(4));
    expect(Math.max(...ages)).toBeLessThanOrEqual(60_010);
  });

  it.each([
    ['does not answer', () => new Unavailable('Posthorn does not answer at http://x (ECONNREFUSED)'), 1],
    ['asks to wait', () => new Unavailable('Posthorn answered 429: too many', 429, 7), 7],
    ['is paused', () => new Unavailable('Posthorn answered 409: paused', 409), 1],
  ])('goes on by itself when Posthorn %s, and says so', async (_what, error, wait) => {
    const desk = new Desk(5);
    let fails = 2;
    desk.onRead = () => {
      if (desk.taken.length === 3 && fails-- > 0) throw error();
    };

    await desk.listen();

    expect([desk.taken, desk.left]).toEqual([all(5), []]);
    expect(desk.waits).toEqual([wait, Math.max(wait, 2)]);
    expect(desk.said.at(-1)).toBe('connected again');
  });

  it('repeats an acknowledgement, and forwards nothing twice meanwhile', async () => {
    const desk = new Desk(6);
    let fails = 3;
    desk.onAck = () => {
      if (fails-- > 0) throw new Unavailable('Posthorn answered 503: later', 503);
    };

    await desk.listen();

    expect([desk.taken, desk.left]).toEqual([all(6), []]);
    expect(desk.said[0]).toBe('not acknowledged: Posthorn answered 503: later; again in 1 s');
  });

  it('ends with what is under way, acknowledged', async () => {
    const desk = new Desk(9);
    desk.limit = 9;
    desk.target = ({ id }) => {
      if (id === idOf(4)) desk.stop.abort();
      return { status: 200 };
    };

    expect(await desk.listen()).toBe(5);

    expect(desk.left).toEqual(all(9).slice(5));
  });

  it('says what could not be acknowledged at the end', async () => {
    const desk = new Desk(2);
    desk.onAck = () => {
      desk.stop.abort();
      throw new Unavailable('gone');
    };

    await desk.listen();

    expect(desk.said.at(-1)).toBe('what was taken last could not be acknowledged: it comes again');
  });

  it.each([
    [
      'a key that is refused',
      (desk: Desk) =>
        void (desk.onRead = () => {
          throw new Refused('Posthorn answered 401');
        }),
      '401',
    ],
    [
      'an acknowledgement that is refused',
      (desk: Desk) =>
        void (desk.onAck = () => {
          throw new Refused('Posthorn answered 403');
        }),
      '403',
    ],
  ])('ends at %s', async (_what, refuse, message) => {
    const desk = new Desk(2);
    refuse(desk);

    await expect(desk.listen()).rejects.toThrow(message);
  });

  it('ends when the subscription is sent to from now on', async () => {
    const desk = new Desk(2);
    desk.onRead = () => {
      desk.subscriptions = [{ id: 'sub_1', delivery: 'push' }];
      throw new Unavailable('Posthorn answered 409', 409);
    };

    await expect(desk.listen()).rejects.toThrow('sub_1 has delivery "push"');
  });

  it('ends when the key sees no payloads', async () => {
    const desk = new Desk(1);
    const { feed } = desk.posthorn;
    desk.posthorn.feed = async (...of) => {
      const page = await feed(...of);
      return { ...page, data: page.data.map(({ body: _, ...item }) => item) };
    };

    await expect(desk.listen()).rejects.toThrow('may not see payloads');
  });
});

describe('which subscription', () => {
  it('is the only one that is fetched, or the one that is named', async () => {
    const desk = new Desk(0);

    expect(await findSubscription(undefined, desk.posthorn)).toBe('sub_1');
    expect(await findSubscription('sub_1', desk.posthorn)).toBe('sub_1');
  });

  it.each([
    [undefined, [], 'this key sees none'],
    [
      undefined,
      [
        { id: 'sub_1', delivery: 'pull', description: 'Ada' },
        { id: 'sub_2', delivery: 'pull' },
      ],
      '  sub_1  Ada\n  sub_2',
    ],
    ['sub_1', [{ id: 'sub_1', delivery: 'push' }], 'has delivery "push"'],
  ] as const)('is asked for: %o %o', async (named, subscriptions, message) => {
    const desk = new Desk(0);
    desk.subscriptions = [...subscriptions];

    await expect(findSubscription(named, desk.posthorn)).rejects.toThrow(message);
  });
});
