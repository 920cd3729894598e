import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLatestOnly, createReorderBuffer } from '../../../receiver/src/index.ts';
import { verify, type ReceivedRequest } from '../../support/receiver.ts';
import { bodyOf, startYardstick, type Yardstick } from './set-up.ts';

// Axle as its customers read its documentation: visits and shifts, a body with the state after the edit, `updated_at`.

interface AxleBody {
  type: string;
  updated_at: string;
  triggering_location: string;
  visit?: { id: string; edit: number };
  shift?: { shift_id: string; edit: number };
}

let axle: Yardstick;
beforeAll(async () => void (axle = await startYardstick('axle')));
afterAll(() => axle.close());

/** A customer with one URL for each path given, set up as Axle sets its customers up. */
async function customer(...names: string[]) {
  const organization = axle.organization();
  const urls = [];
  for (const name of names) {
    const path = `/${organization}/${name}`;
    const subscription = await axle.posthorn.subscribe({
      organization,
      url: axle.receiver.url(path),
      format: 'resource',
      signature_header: 'Axle-Signature',
    });
    urls.push({ path, ...subscription });
  }
  const publish = async (type: string, data: object, more: object = {}): Promise<string> => {
    const { status, body } = await axle.posthorn.publish({ organization, type, data, ...more });
    expect(status).toBe(202);
    return body.id;
  };
  const edit = (n: number, more: object = {}): Promise<string> =>
    publish('visit.updated', { id: '28540', edit: n }, { resource_id: '28540', ...more });
  return { organization, urls, publish, edit };
}

describe.concurrent('every URL of a customer', () => {
  it('gets every event', async () => {
    const { urls, edit, publish } = await customer('first', 'second');

    const ids = [await edit(1), await publish('shift.created', { shift_id: 's1' }), await publish('visit.created', {})];

    for (const { path } of urls) {
      const requests = await axle.received(path, 3);
      expect(requests.map(({ headers }) => headers['webhook-id']).sort()).toEqual(ids.toSorted());
    }
  });

  it('gets it with the same body', async () => {
    const { urls, edit } = await customer('first', 'second');
    await edit(1);
    const [first, second] = await Promise.all(urls.map(({ path }) => axle.received(path, 1)));
    expect(second![0]!.body).toBe(first![0]!.body);
  });
});

describe.concurrent('the body', () => {
  it.each([
    ['visit.created', 'visit', 'shift'],
    ['visit.ended', 'visit', 'shift'],
    ['shift.created', 'shift', 'visit'],
    ['shift.updated', 'shift', 'visit'],
  ])('of %s has type, updated_at, triggering_location and "%s", and no key "%s"', async (type, noun, other) => {
    const { urls, publish } = await customer('url');
    const state = { id: '28540', note: 'as it was right after the edit' };

    await publish(type, state, { triggering_location: 'DASHBOARD' });

    const [request] = await axle.received(urls[0]!.path, 1);
    const body = bodyOf(request!);
    expect(Object.keys(body)).toEqual(['type', 'updated_at', 'triggering_location', noun]);
    expect(body).not.toHaveProperty(other);
    expect(body).toMatchObject({ type: noun, triggering_location: 'DASHBOARD', [noun]: state });
    expect(body.updated_at).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  });

  it.each(['PATIENT_PORTAL', 'CLINICIAN_APP', 'DASHBOARD', 'API', 'AXLE_SYSTEM'])(
    'says that the edit was made in %s',
    async (place) => {
      const { urls, edit } = await customer('url');
      await edit(1, { triggering_location: place });
      const [request] = await axle.received(urls[0]!.path, 1);
      expect(bodyOf(request!)).toMatchObject({ triggering_location: place });
    },
  );

  it('says API when the producer names no place', async () => {
    const { urls, edit } = await customer('url');
    await edit(1);
    const [request] = await axle.received(urls[0]!.path, 1);
    expect(bodyOf(request!)).toMatchObject({ triggering_location: 'API' });
  });

  it('is of a visit or a shift: nothing else is sent', async () => {
    const { urls, publish } = await customer('url');
    await publish('medical-encounters.created', { id: 'e1' });
    const [line] = await axle.settledLog(urls[0]!.id, 1);
    expect(line).toMatchObject({ outcome: 'skipped', reason: 'format cannot carry resource' });
    expect(axle.receiver.requests(urls[0]!.path)).toEqual([]);
  });
});

describe.concurrent('an edit', () => {
  it('leads to one webhook with the state exactly after it, however fast the next one follows', async () => {
    const { urls, edit } = await customer('url');
    const edits = Array.from({ length: 12 }, (_, n) => n + 1);

    const ids = await Promise.all(edits.map((n) => edit(n)));

    const log = await axle.settledLog(urls[0]!.id, edits.length);
    const requests = axle.receiver.requests(urls[0]!.path);
    expect(requests).toHaveLength(edits.length);
    expect(log.map(({ event_id }) => event_id).sort()).toEqual(ids.toSorted());
    for (const request of requests) {
      const n = ids.indexOf(request.headers['webhook-id'] as string) + 1;
      expect(bodyOf<AxleBody>(request).visit).toEqual({ id: '28540', edit: n });
    }
  });
});

describe.concurrent('updated_at', () => {
  it('is the time of enqueueing: that of the answer to the producer', async () => {
    const { organization, urls } = await customer('url');
    const { body } = await axle.posthorn.publish({ organization, type: 'visit.updated', data: {} });
    const [request] = await axle.received(urls[0]!.path, 1);
    expect(bodyOf(request!).updated_at).toBe((body as unknown as { enqueued_at: string }).enqueued_at);
  });

  it('is the same on every retry and every URL', async () => {
    const { urls, edit } = await customer('failing', 'healthy');
    axle.receiver.answer(urls[0]!.path, (n) => (n <= 2 ? 500 : 200));

    await edit(1);

    const requests = [...(await axle.received(urls[0]!.path, 3)), ...(await axle.received(urls[1]!.path, 1))];
    expect(new Set(requests.map((request) => bodyOf<AxleBody>(request).updated_at)).size).toBe(1);
    const attemptTimes = requests.slice(0, 3).map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(attemptTimes[2]).toBeGreaterThan(attemptTimes[0]!);
  });

  it('never decreases from one edit of a resource to the next', async () => {
    const { urls, edit } = await customer('url');
    for (let n = 1; n <= 15; n++) await edit(n);
    const requests = await axle.received(urls[0]!.path, 15);
    const inOrder = requests.map((request) => bodyOf<AxleBody>(request)).sort((a, b) => a.visit!.edit - b.visit!.edit);
    const times = inOrder.map((body) => body.updated_at);
    expect(times).toEqual(times.toSorted());
  });
});

describe.concurrent('a receiver that follows the documentation', () => {
  /** Two edits of which the first arrives last, because its first try fails. */
  async function overtakenEdit(): Promise<AxleBody[]> {
    const { urls, edit } = await customer('url');
    const { path } = urls[0]!;
    axle.receiver.answer(path, (n) => (n === 1 ? 503 : 200));
    await edit(1);
    await axle.received(path, 1);
    await edit(2);
    const requests = await axle.received(path, 3);
    const taken = requests.slice(1).map((request) => bodyOf<AxleBody>(request));
    expect(taken.map((body) => body.visit!.edit)).toEqual([2, 1]);
    return taken;
  }

  it('drops what is older than the newest that it has seen', async () => {
    const latest = createLatestOnly();
    const kept = (await overtakenEdit()).filter((body) => latest.accept(`visit/${body.visit!.id}`, body.updated_at));
    expect(kept.map((body) => body.visit!.edit)).toEqual([2]);
  });

  it('or holds deliveries for five minutes and takes them in the order of updated_at', async () => {
    let now = 0;
    const taken: AxleBody[] = [];
    const buffer = createReorderBuffer<AxleBody>({
      resourceOf: (body) => body.visit!.id,
      timeOf: (body) => body.updated_at,
      release: (body) => taken.push(body),
      now: () => now,
    });
    for (const body of await overtakenEdit()) buffer.push(body);
    now = 300_000;
    buffer.releaseDue();
    expect(taken.map((body) => body.visit!.edit)).toEqual([1, 2]);
  });
});

describe.concurrent('the signature', () => {
  /** As Axle's documentation tells customers to check it. */
  function axleSignatureHolds({ headers, body }: ReceivedRequest, secret: string): boolean {
    const [, time, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['axle-signature'] as string) ?? [];
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    return createHmac('sha256', key).update(`${time}.${body}`).digest('hex') === signature;
  }

  it('in Axle-Signature verifies on every try, and not with the secret of another URL', async () => {
    const { urls, edit } = await customer('first', 'second');
    axle.receiver.answer(urls[0]!.path, (n) => (n === 1 ? 500 : 200));

    await edit(1);

    for (const request of await axle.received(urls[0]!.path, 2)) {
      expect(axleSignatureHolds(request, urls[0]!.secret)).toBe(true);
      expect(axleSignatureHolds(request, urls[1]!.secret)).toBe(false);
      expect(() => verify(request, urls[0]!.secret)).not.toThrow();
    }
  });
});

describe.concurrent('an unsuccessful status', () => {
  it.each([301, 404, 500])('of %i leads to three retries: four requests at most', async (status) => {
    const { urls, edit } = await customer('url');
    axle.receiver.answer(urls[0]!.path, () => status);

    await edit(1);

    const log = await axle.settledLog(urls[0]!.id, 1);
    expect(log.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'exhausted']);
    expect(axle.receiver.requests(urls[0]!.path)).toHaveLength(4);
  });
});
