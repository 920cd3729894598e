import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { mark, RUN, secrets } from './marks.ts';
import {
  errorTexts,
  inAMinute,
  lines,
  locations,
  outcome,
  posthorn,
  publish,
  receiver,
  staff,
  subscribe,
} from './world.ts';

const LISTEN = join(import.meta.dirname, '../../../receiver/src/listen/cli.ts');

/** Runs the customer's command until it has forwarded one delivery or gives up. @returns what it printed. */
async function listen(key: string, path: string): Promise<string> {
  const words = ['listen', '--forward', receiver.url(path), '--url', posthorn.apiUrl];
  const child = spawn(process.execPath, [LISTEN, ...words], {
    env: { PATH: process.env.PATH, POSTHORN_API_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += String(chunk)));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  receiver.answer(path, () => {
    child.kill('SIGTERM');
    return 200;
  });
  await ended;
  return said;
}

/** Marks in the hands of people: portal links, credentials, the sign-in of staff, a fetch. */
export function throughPeople(): void {
  it('go through a portal link', async () => {
    const made = await posthorn.call<{ url: string }>('POST', '/v1/portal-links', {
      organization: 'canary_portal',
      return_url: `https://admin.example.com/?${mark('return')}`,
    });
    const token = new URL(made.body.url).hash.slice(1);
    const opened = await posthorn.call<{ key: string }>('POST', '/v1/portal-sessions', { token });
    expect(opened.status).toBe(201);
    expect((await posthorn.call('GET', '/v1/subscriptions', undefined, opened.body.key)).status).toBe(200);
    secrets.push(token, opened.body.key);
    for (const wrong of [token, mark('token'), `phs_${RUN.padEnd(43, 'x')}`])
      expect((await posthorn.call('POST', '/v1/portal-sessions', { token: wrong })).status).toBe(404);
  });

  it('go in with every kind of credentials, and with secrets that their customers have already', async () => {
    const kinds: Record<string, Record<string, string>> = {
      bearer: { type: 'bearer', token: mark('bearer') },
      header: { type: 'header', name: 'x-api-key', value: mark('header-value') },
    };
    for (const [name, auth] of Object.entries(kinds)) {
      const secret = `whsec_${randomBytes(32).toString('base64')}`;
      const made = await subscribe(`canary_${name}`, `/${name}`, { auth, secret });
      const next = `whsec_${randomBytes(32).toString('base64')}`;
      secrets.push(next);
      const rotated = await posthorn.call('POST', `/v1/subscriptions/${made.id}/rotate-secret`, { secret: next });

      await publish(`canary_${name}`);
      await outcome(made.id, 'delivered');

      expect([made.secret, rotated.status]).toEqual([secret, 200]);
      expect(JSON.stringify(receiver.requests(`/${name}`)[0]!.headers)).toContain(Object.values(auth).at(-1));
    }
  });

  it('go through the sign-in of staff, also where the provider lies', async () => {
    const { cookies, given, locations: sent } = await staff.signIn();
    secrets.push(...given);
    locations.push(...sent);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
      fetch(`${posthorn.apiUrl}${path}`, { method, headers: { 'posthorn-client': 'console', ...headers } });
    expect((await ask('/v1/me', { cookie })).status).toBe(200);
    expect((await ask('/v1/subscriptions?limit=1', { cookie })).status).toBe(200);
    for (const value of [mark('cookie'), `${cookies.get('posthorn-session')}x`]) {
      const refused = await ask('/v1/me', { cookie: `posthorn-session=${value}` });
      expect(refused.status).toBe(401);
      errorTexts.push(await refused.text());
    }

    const lies = [
      {
        status: 200,
        body: { id_token: mark('id-token'), access_token: mark('staff-access-token'), token_type: 'Bearer' },
      },
      { status: 200, body: { id_token: `${mark('id-token')}.${mark('id-token')}.${mark('id-token')}` } },
      { status: 400, body: { error: mark('id-token'), error_description: mark('staff-access-token') } },
    ];
    for (const lie of lies) {
      staff.lie = lie;
      const failed = await staff.signIn();
      secrets.push(...failed.given);
      locations.push(...failed.locations);
      expect(failed.locations.at(-1)).toMatch(/\?sign_in=failed$/);
    }
    const wrong = `/v1/sign-in/callback?code=${mark('token')}&state=${mark('token')}`;
    const answer = await ask(wrong, { cookie: `posthorn-sign-in=${mark('cookie')}` });
    locations.push(answer.url);
    expect((await ask('/v1/sign-out', { cookie }, 'POST')).status).toBe(204);
    secrets.push(...staff.secrets);
  });

  it('are fetched by a customer with a key of their own', async () => {
    const organization = 'canary_pull';
    const { id } = await subscribe(organization, '/pull', { delivery: 'pull' });
    const key = await posthorn.apiKey({ scopes: ['organization'], organization });
    secrets.push(key);
    expect((await publish(organization)).status).toBe(202);
    const feed = `/v1/subscriptions/${id}/feed`;
    // Ids rise: since ingest's clock was a minute ahead before, the id of this event is, too, and so old it must be to be fetched.
    const said = await inAMinute(async () => {
      await waitFor('something to fetch', async () => {
        const { body } = await posthorn.call<{ data: unknown[] }>('GET', feed, undefined, key);
        return body.data.length > 0;
      });
      return [await listen(key, '/fetched'), await listen(`${key}x`, '/never-fetched')];
    });

    expect(receiver.requests('/fetched')[0]!.body).toContain(mark('data'));
    expect(receiver.requests('/never-fetched')).toEqual([]);
    for (const text of said) {
      expect(text).not.toBe('');
      lines.push({ source: 'posthorn-receiver', line: text });
    }
  });
}
