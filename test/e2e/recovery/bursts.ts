import { describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { idOf, latest, newOrganization, notices, posthorn, publish, receiver } from './set-up.ts';

export function throughBursts(): void {
  describe.concurrent('an endpoint that answers 410', () => {
    it('has its subscription switched off, and operators and other systems are told', async () => {
      const organization = newOrganization('gone');
      receiver.answer('/gone', () => 410);
      const { id } = await posthorn.subscribe({ organization, url: receiver.url('/gone') });
      await publish(organization, 1);

      await waitFor('both to be told', () => notices('subscription.deactivated', id).length === 2);

      expect((await posthorn.call('GET', `/v1/subscriptions/${id}`)).body).toMatchObject({ active: false });
      for (const { message } of notices('subscription.deactivated', id)) expect(message).toContain('gone_at');
    });
  });

  describe.concurrent('a paused subscription', () => {
    it('is sent nothing; resumed, it gets all of 200 events, in event order', async () => {
      const organization = newOrganization('paused');
      const path = `/${organization}`;
      const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
      const pause = await posthorn.call<{ health: object }>('POST', `/v1/subscriptions/${id}/pause`);
      expect(pause.body).toMatchObject({ paused: true, health: { state: 'paused' } });
      const events = [...(await publish(organization, 100)), ...(await publish(organization, 100))];
      await waitFor('everything to be held', async () => {
        const { body } = await posthorn.call<{ health: { held?: { count: number } } }>(
          'GET',
          `/v1/subscriptions/${id}`,
        );
        return body.health.held?.count === events.length;
      });
      expect(receiver.requests(path)).toEqual([]);

      await posthorn.call('POST', `/v1/subscriptions/${id}/resume`);

      await waitFor('everything to arrive', () => receiver.requests(path).length >= events.length, 90_000);
      await waitFor('everything to be delivered', async () => {
        const outcomes = await latest(id);
        return events.every((event) => outcomes.get(event) === 'delivered');
      });
      const received = receiver.requests(path).map(({ body }) => idOf(body));
      expect([...received].sort()).toEqual([...events].sort());
      // Steps of 1, 2, 4, … and the rest; inside a step requests go out at once.
      const ends = [0, 1, 3, 7, 15, 31, 63, 127, 200];
      const steps = ends.slice(1).map((end, n) => received.slice(ends[n], end));
      expect(steps.flatMap((step) => step.sort())).toEqual([...events].sort());
    }, 120_000);
  });

  describe.concurrent('an endpoint that takes 20 requests a second and answers 429 beyond', () => {
    it('gets a burst of 200 without one being given up, and hardly any of them twice', async () => {
      const organization = newOrganization('busy');
      const path = `/${organization}`;
      const perSecond = new Map<string, number>();
      const taken = new Set<string>();
      // Seconds of who sends, not of this process: while it has no processor, requests of some of them wait for it, and would count as
      // those of one.
      receiver.answer(path, (_, { headers, body }) => {
        const second = String(headers['webhook-timestamp']);
        const count = (perSecond.get(second) ?? 0) + 1;
        perSecond.set(second, count);
        if (count > 20) return { status: 429, headers: { 'retry-after': '1' } };
        taken.add(idOf(body));
        return 200;
      });
      const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
      const events = (await Promise.all(Array.from({ length: 2 }, () => publish(organization, 100)))).flat();

      await waitFor('everything to arrive', () => taken.size === events.length, 180_000);
      await waitFor('everything to be over', async () => {
        const outcomes = await latest(id);
        return events.every((event) => ['delivered', 'exhausted'].includes(outcomes.get(event) ?? ''));
      });

      expect(new Set((await latest(id)).values())).toEqual(new Set(['delivered']));
      expect(receiver.requests(path).length).toBeLessThanOrEqual(1.25 * events.length);
    }, 200_000);
  });
}
