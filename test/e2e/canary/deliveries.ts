import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { verify, type ReceivedRequest } from '../../support/receiver.ts';
import { waitFor } from '../../support/wait-for.ts';
import { mark, secrets } from './marks.ts';
import { inAMinute, outcome, posthorn, publish, receiver, subscribe } from './world.ts';

/** Marks on the way to a customer, whatever the customer answers. */
export function throughDeliveries(): void {
  it('go to the customer: success, failure, retries, a rotation whose old and new secret both verify', async () => {
    const organization = 'canary_ok';
    const path = `/ok?token=${mark('query')}`;
    const { id, secret } = await subscribe(organization, path);
    receiver.answer(path, (n) => ({
      status: n === 1 ? 500 : 200,
      headers: { 'x-answer': mark('response-header'), 'content-type': mark('response-type') },
      body: mark('response'),
    }));
    expect((await publish(organization)).status).toBe(202);
    await outcome(id, 'delivered');

    const rotated = await posthorn.call<{ secrets: { secret: string }[] }>(
      'POST',
      `/v1/subscriptions/${id}/rotate-secret`,
      { overlap_hours: 1 },
    );
    const [fresh] = rotated.body.secrets;
    secrets.push(fresh!.secret);
    // A sender may use the secrets that it read before for up to a minute.
    const both = await inAMinute(() =>
      waitFor<ReceivedRequest>('a request signed with both secrets', async () => {
        await publish(organization, { 'idempotency-key': `${mark('idempotency')}-${randomBytes(4).toString('hex')}` });
        return receiver
          .requests(path)
          .find((request) => String(request.headers['webhook-signature']).match(/v1,/g)?.length === 2);
      }),
    );
    for (const one of [secret, fresh!.secret]) expect(verify(both, one)).toMatchObject({ organization });
    expect(both.body).toContain(mark('data'));
    expect(both.headers['x-ward']).toBe(mark('header'));
    expect(both.path).toContain(mark('query'));

    await posthorn.call('POST', `/v1/subscriptions/${id}/rotate-secret`, { overlap_hours: 0 });
    const { body } = await posthorn.call<{ secrets: { secret: string }[] }>('GET', `/v1/subscriptions/${id}/secret`);
    expect(body.secrets).toHaveLength(1);
    secrets.push(body.secrets[0]!.secret);
  });

  it('go through exhausted, gone, redirected, broken and held deliveries', async () => {
    const answers: Record<string, number | { status: number; headers?: Record<string, string>; body?: string }> = {
      exhausted: { status: 500, body: mark('response') },
      gone: { status: 410, body: mark('response') },
      redirected: { status: 302, headers: { location: `http://10.0.0.1/?${mark('location')}` } },
    };
    const made = await Promise.all(
      Object.entries(answers).map(async ([name, answer]) => {
        const path = `/${name}?token=${mark('query')}`;
        receiver.answer(path, () => answer);
        return { name, ...(await subscribe(`canary_${name}`, path)) };
      }),
    );
    // Nothing listens there.
    const { id } = await posthorn.subscribe({
      organization: 'canary_refused',
      url: `http://127.0.0.1:1/?${mark('query')}`,
    });
    for (const organization of ['canary_refused', ...made.map(({ name }) => `canary_${name}`)]) {
      for (let n = 0; n < 3; n++) await publish(organization, { 'idempotency-key': `${mark('idempotency')}-${n}` });
    }
    await outcome(made[1]!.id, 'gone');
    await outcome(made[2]!.id, 'failed');
    await outcome(id, 'failed');
    await waitFor('an endpoint to be taken for down', async () =>
      (await posthorn.attempts(made[0]!.id)).some((attempt) => ['held', 'exhausted'].includes(attempt.outcome)),
    );
  });

  it('are asked for: a resource by its id', async () => {
    for (const list of ['events', 'attempts']) {
      const path = `/v1/${list}?organization=canary_ok&resource_id=${encodeURIComponent(mark('resource'))}`;
      const { status, body } = await posthorn.call<{ data: unknown[] }>('GET', path);
      expect(status).toBe(200);
      expect(body.data, list).not.toEqual([]);
    }
  });

  it('go to an endpoint behind OAuth 2.0, and stay with its token server', async () => {
    const token = (name: string) => ({
      type: 'oauth2',
      token_url: receiver.url(`/token?${mark(name)}`),
      client_id: 'posthorn',
      client_secret: mark('client-secret'),
    });
    receiver.answer(`/token?${mark('good')}`, () => ({
      status: 200,
      body: JSON.stringify({ access_token: mark('access-token'), token_type: 'Bearer', expires_in: 3600 }),
    }));
    receiver.answer(`/token?${mark('bad')}`, () => ({ status: 400, body: `{"error":"${mark('error')}"}` }));
    const path = `/oauth2?token=${mark('query')}`;
    receiver.answer(path, (n) => (n === 1 ? 401 : 200));
    const good = await subscribe('canary_oauth2', path, { auth: token('good') });
    const bad = await subscribe('canary_oauth2', '/never', { auth: token('bad') });

    await publish('canary_oauth2');
    await outcome(good.id, 'delivered');
    await outcome(bad.id, 'failed');

    expect(receiver.requests(path).at(-1)!.headers.authorization).toBe(`Bearer ${mark('access-token')}`);
    expect(receiver.requests('/never')).toEqual([]);
    const seen = await posthorn.call('GET', '/v1/subscriptions?organization=canary_oauth2');
    const calls = await posthorn.attempts(good.id);
    expect(JSON.stringify([seen.body, calls])).not.toMatch(/canary-(client-secret|access-token)/);
  });
}
