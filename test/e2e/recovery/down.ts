import { describe, expect, it } from 'vitest';
import type { LoggedAttempt } from '../../support/posthorn.ts';
import { waitFor } from '../../support/wait-for.ts';
import { downWith, idOf, latest, newOrganization, notices, posthorn, publish, receiver } from './set-up.ts';

export function throughOutages(): void {
  describe.concurrent('an endpoint that is down', () => {
    it('has its deliveries held and probed; when it answers they go out in event order, and operators hear of both', async () => {
      const { id, path, events, recover } = await downWith('order', 40);
      await waitFor('operators to be told', () => notices('endpoint.down', id).length === 2);
      const before = receiver.requests(path).length;
      await waitFor('three probes', () => receiver.requests(path).length >= before + 3);
      // The first may have been queued while the oldest delivery was still between two tries, hence not held.
      const probes = receiver.requests(path).slice(before + 1);
      expect(new Set(probes.map(({ body }) => idOf(body)))).toEqual(new Set([events[0]]));

      const failed = receiver.requests(path).length;
      recover();

      await waitFor('everything to arrive', () => receiver.requests(path).length >= failed + events.length);
      await waitFor('everything to be delivered', async () =>
        [...(await latest(id)).values()].every((outcome) => outcome === 'delivered'),
      );
      const received = receiver
        .requests(path)
        .slice(failed)
        .map(({ body }) => idOf(body));
      expect([...received].sort()).toEqual([...events].sort());
      // The probe first, then steps of 1, 2, 4, …; inside a step requests go out at once.
      const ends = [0, 1, 2, 4, 8, 16, 32, 40];
      const steps = ends.slice(1).map((end, n) => received.slice(ends[n], end));
      expect(steps.flatMap((step) => step.sort())).toEqual([...events].sort());
      await waitFor('operators to be told', () => notices('endpoint.recovered', id).length === 2);
      expect(await posthorn.depth('DeliveriesDeadLetterQueueUrl')).toBe(0);
    });

    it('is told of to the endpoints of its organization that ask for it, by events like any other', async () => {
      const organization = newOrganization('told');
      const [down, asks, everything, resource] = ['down', 'asks', 'everything', 'resource'].map(
        (n) => `/${organization}/${n}`,
      );
      let up = false;
      receiver.answer(down!, () => (up ? 200 : 503));
      const url = (path: string | undefined) => receiver.url(path);
      const { id } = await posthorn.subscribe({ organization, url: url(down), events: ['visit.*', 'posthorn.*'] });
      const other = await posthorn.subscribe({ organization, url: url(asks), events: ['posthorn.*'] });
      await posthorn.subscribe({ organization, url: url(everything), events: ['*'] });
      const shape = await posthorn.subscribe({
        organization,
        url: url(resource),
        events: ['posthorn'],
        format: 'resource',
      });
      await publish(organization, 3);
      const toldTypes = () => receiver.requests(asks).map(({ body }) => (JSON.parse(body) as { type: string }).type);

      await waitFor('the others to be told that it is down', () => toldTypes().includes('posthorn.endpoint.down'));
      up = true;
      await waitFor('the others to be told that it is well', () => toldTypes().includes('posthorn.endpoint.recovered'));

      const told = receiver.requests(asks).map(({ body }) => JSON.parse(body) as { id: string; data: object });
      expect(new Set(told.map((one) => one.id)).size).toBe(told.length);
      expect(told[0]).toMatchObject({ resource_id: id, data: { subscription: id, host: new URL(url(down)).host } });
      // Of the endpoint itself it is told nothing, nor who asked for everything: these are patients' events.
      for (const path of [down!, everything!]) {
        const bodies = receiver.requests(path).map(({ body }) => body);
        expect(bodies.filter((body) => body.includes('posthorn.'))).toEqual([]);
      }
      const skipped = await posthorn.call<{ data: LoggedAttempt[] }>('GET', `/v1/attempts?subscription=${shape.id}`);
      expect(skipped.body.data[0]).toMatchObject({ outcome: 'skipped', reason: 'format cannot carry resource' });
      const before = told.length;
      const path = `/v1/deliveries/${told[0]!.id}/${other.id}/redeliver`;
      expect((await posthorn.call('POST', path)).status).toBe(202);
      await waitFor('the same once more', () => receiver.requests(asks).length > before);
      expect(receiver.requests(asks).at(-1)!.body).toBe(receiver.requests(asks)[0]!.body);
    });

    it('has what is held for it end as cancelled when its subscription is deleted', async () => {
      const { id, path, events } = await downWith('deleted', 40);
      expect((await posthorn.call('DELETE', `/v1/subscriptions/${id}`)).status).toBe(204);
      const asked = receiver.requests(path).length;

      await waitFor('everything to be cancelled', async () => {
        const outcomes = await latest(id);
        return events.every((event) => outcomes.get(event) === 'cancelled');
      });
      // A probe may have been under way.
      expect(receiver.requests(path).length).toBeLessThanOrEqual(asked + 1);
      expect(notices('endpoint.recovered', id)).toEqual([]);
    });

    it('whose URL is changed is tried at once', async () => {
      const { id, path, events } = await downWith('moved', 10);

      await posthorn.call('PATCH', `/v1/subscriptions/${id}`, { url: receiver.url(`${path}/new`) });

      await waitFor('everything at the new URL', () => receiver.requests(`${path}/new`).length >= events.length);
      expect(
        receiver
          .requests(`${path}/new`)
          .map(({ body }) => idOf(body))
          .sort(),
      ).toEqual([...events].sort());
    });

    it('goes down again in the middle of the release: the rest is held again and nothing is lost', async () => {
      const { id, path, events, recover } = await downWith('relapse', 30);
      const failed = receiver.requests(path).length;
      const taken = new Set<string>();
      // Answers the probe and four more, then nothing until it is asked ten times more: a step of the release, and probes.
      receiver.answer(path, (n, { body }) => {
        if (n - failed > 5 && n - failed <= 15) return 503;
        taken.add(idOf(body));
        return 200;
      });
      recover();

      await waitFor('everything to arrive', () => taken.size === events.length, 60_000);
      await waitFor('everything to be delivered', async () => {
        const outcomes = await latest(id);
        return events.every((event) => outcomes.get(event) === 'delivered');
      });
      const held = (await posthorn.attempts(id)).filter(({ outcome }) => outcome === 'held');
      expect(held.length).toBeGreaterThan(new Set(held.map(({ event_id }) => event_id)).size);
    });
  });
}
