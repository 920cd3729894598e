import { describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { idOf, latest, newOrganization, posthorn, publish, receiver } from './set-up.ts';

interface ReplayView {
  id: string;
  state: string;
  total: number;
  done: number;
  failed: number;
  remaining: number;
}

export function throughReplays(): void {
  describe.concurrent('a replay', () => {
    it('sends what was not delivered once more, with the same ids and bytes, and tells how far it is', async () => {
      const organization = newOrganization('replayed');
      const path = `/${organization}`;
      let up = false;
      receiver.answer(path, () => (up ? 200 : 400));
      const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
      const [event] = await publish(organization, 1);
      await waitFor('the end of its tries or its being held', async () =>
        ['exhausted', 'held'].includes((await latest(id)).get(event!) ?? ''),
      );
      await posthorn.call('PATCH', `/v1/subscriptions/${id}`, { active: false });
      up = true;
      const delivered = await posthorn.subscribe({ organization, url: receiver.url(`${path}/healthy`) });
      await posthorn.call('PATCH', `/v1/subscriptions/${id}`, { active: true });
      await waitFor('it to be delivered or given up', async () =>
        ['exhausted', 'delivered'].includes((await latest(id)).get(event!) ?? ''),
      );
      const others = await publish(organization, 5);
      await waitFor('the others', async () => (await latest(delivered.id)).size === others.length);
      // One that is held for a moment more, or about to be tried, would not be counted.
      await waitFor('the end of all', async () => {
        const ends = [...(await latest(id)).values()];
        return ends.length === others.length + 1 && ends.every((end) => ['delivered', 'exhausted'].includes(end));
      });
      const since = '2026-01-01T00:00:00.000Z';
      const outcomes = ['delivered', 'exhausted', 'pending'];

      const dry = await posthorn.call('POST', `/v1/subscriptions/${id}/replay?dry_run=true`, { since, outcomes });
      const { status, body } = await posthorn.call<ReplayView>('POST', `/v1/subscriptions/${id}/replay`, {
        since,
        outcomes,
      });

      expect(dry.body).toEqual({ count: 6 });
      expect(status).toBe(202);
      expect(body).toMatchObject({ state: 'running', total: 6, done: 0, failed: 0, remaining: 6 });
      const done = await waitFor('the replay to be done', async () => {
        const { body: replay } = await posthorn.call<ReplayView>('GET', `/v1/replays/${body.id}`);
        return replay.state === 'done' && replay;
      });
      expect(done).toMatchObject({ total: 6, done: 6, failed: 0, remaining: 0 });
      const byEvent = Map.groupBy(receiver.requests(path), ({ body: text }) => idOf(text));
      for (const one of [event!, ...others]) {
        const requests = byEvent.get(one)!;
        expect(requests.length).toBeGreaterThanOrEqual(2);
        expect(new Set(requests.map(({ body: text }) => text)).size).toBe(1);
        expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([one]));
      }
      const { body: list } = await posthorn.call<{ data: ReplayView[] }>('GET', `/v1/replays?subscription=${id}`);
      expect(list.data.map((replay) => replay.id)).toEqual([body.id]);
    });

    it('does not send on what somebody cancelled', async () => {
      const organization = newOrganization('cancelled');
      const { id } = await posthorn.subscribe({ organization, url: receiver.url(`/${organization}`) });
      const events = await publish(organization, 5);
      await waitFor('the deliveries', () => receiver.requests(`/${organization}`).length === events.length);
      await waitFor('the log', async () => (await latest(id)).size === events.length);

      const { body } = await posthorn.call<ReplayView>('POST', `/v1/subscriptions/${id}/replay`, {
        outcomes: ['delivered'],
        rate_per_second: 1,
      });
      const { body: cancelled } = await posthorn.call<ReplayView>('POST', `/v1/replays/${body.id}/cancel`);

      expect(cancelled.state).toBe('cancelled');
      expect((await posthorn.call<ReplayView>('GET', `/v1/replays/${body.id}`)).body.state).toBe('cancelled');
    });
  });

  describe.concurrent('a redelivery', () => {
    it('sends a delivered event again, with the same id and bytes, and adds to the log', async () => {
      const organization = newOrganization('redelivered');
      const path = `/${organization}`;
      const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
      const [event] = await publish(organization, 1);
      await waitFor('the delivery', async () => (await latest(id)).size === 1);

      const { status, body } = await posthorn.call('POST', `/v1/deliveries/${event}/${id}/redeliver`);

      expect(status).toBe(202);
      expect(body).toEqual({ event_id: event, subscription_id: id });
      const [first, second] = await waitFor('the second request', () => {
        const requests = receiver.requests(path);
        return requests.length === 2 && requests;
      });
      expect(second!.body).toBe(first!.body);
      expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
      await waitFor('the log', async () => (await posthorn.attempts(id)).length === 2);
    });

    it('of an event that never was for this subscription, or of a foreign one, does not exist', async () => {
      const organization = newOrganization('theirs');
      const mine = await posthorn.subscribe({ organization: newOrganization('mine'), url: receiver.url('/mine') });
      const theirs = await posthorn.subscribe({ organization, url: receiver.url(`/${organization}`) });
      const [event] = await publish(organization, 1);
      await waitFor('the delivery', () => receiver.requests(`/${organization}`)[0]);

      const answers = await Promise.all(
        [
          `/v1/deliveries/${event}/${mine.id}/redeliver`,
          `/v1/deliveries/evt_01K0000000000000000000000/${theirs.id}/redeliver`,
          `/v1/deliveries/${event}/sub_none/redeliver`,
        ].map((path) => posthorn.call('POST', path)),
      );

      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    });
  });
}
