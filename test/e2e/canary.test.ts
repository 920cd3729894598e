import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SendMessageCommand, type Message } from '@aws-sdk/client-sqs';
import { PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAST_SETTINGS, startPosthorn, type OwnPosthorn } from '../support/posthorn.ts';
import { keptMessages } from '../support/queue-messages.ts';
import { startReceiver, verify, type ReceivedRequest, type Receiver } from '../support/receiver.ts';
import { startStaff, type StaffOnLoopback } from '../support/staff-on-loopback.ts';
import { waitFor } from '../support/wait-for.ts';

// Everything that could be patient data or a secret carries a mark, through success, failure, retries, poison, crashes,
// bad requests, hand-edited rows, rotation, sign-in of staff, portal links and fetching. Then no line, metric, notice or
// attribute of a dead letter may hold one; and no error text, address, message or table but its own a credential.

const RUN = randomBytes(8).toString('hex');
/** A text that nothing else holds. */
const mark = (what: string): string => `canary-${what}-${RUN}`;
const SETTINGS = {
  ...FAST_SETTINGS,
  POSTHORN_CIRCUIT_FAILURES: '3',
  POSTHORN_CIRCUIT_SECONDS: '0',
  POSTHORN_PROBE_SECONDS: '1',
};
const LISTEN = join(import.meta.dirname, '../../receiver/src/listen/cli.ts');
const MINUTE_MS = 60_000;
/** For a condition behind which all the failing deliveries of the tests before may stand. */
const LONG_MS = 120_000;
/** See support/moved-clock.mjs. */
const folder = mkdtempSync(join(tmpdir(), 'posthorn-canary-'));
const MOVED_CLOCK = join(folder, 'moved-clock');
const PRELOADED = `--import ${new URL('../support/moved-clock.mjs', import.meta.url).href}`;
const DEAD_LETTERS = ['EventsDeadLetterQueueUrl', 'DeliveriesDeadLetterQueueUrl', 'RecoveryDeadLetterQueueUrl'];
const POISON = (n: number): string[] => [
  `${mark('poison')} is no JSON ${n}`,
  `{"v":99,"event":{"id":"${mark('poison-id')}"},"n":${n}}`,
  `{"v":1,"event":{"id":"evt_1","organization":"${mark('poison')} !","type":"${mark('poison')}"},"subscription_id":"${mark('poison')}"}`,
  `{"v":1,"event":"${mark('poison')}","format":"${mark('poison')}","job":{"kind":"${mark('poison')}"}}`,
];

let posthorn: OwnPosthorn;
let receiver: Receiver;
let staff: StaffOnLoopback;
/** Of every request that was refused. */
const errorTexts: string[] = [];
/** Of every request that only looks, but for a subscription's own secret. */
const views: string[] = [];
/** Where browsers were sent. */
const locations: string[] = [];
const lines: { source: string; line: string }[] = [];
/** API keys and signing secrets as they were shown. */
const secrets: string[] = [];

beforeAll(async () => {
  writeFileSync(MOVED_CLOCK, '0');
  receiver = await startReceiver();
  staff = await startStaff('posthorn-console', ['posthorn-admins']);
  const started = await startPosthorn({
    folder,
    settings: {
      ...SETTINGS,
      POSTHORN_OIDC_ISSUER: staff.issuer,
      POSTHORN_OIDC_CLIENT_ID: staff.clientId,
      POSTHORN_OIDC_SCOPES: '{"posthorn-admins":"admin"}',
    },
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow', NODE_OPTIONS: PRELOADED, MOVED_CLOCK },
    onLog: (entry) => void lines.push(entry),
  });
  staff.serve(started.apiUrl);
  posthorn = { ...started, call: overheard(started) };
  const { AdminApiKey, ProducerApiKey } = posthorn.outputs.local!;
  secrets.push(AdminApiKey!, ProducerApiKey!);
});
afterAll(async () => {
  await posthorn.close();
  await receiver.close();
  await staff.close();
  rmSync(folder, { recursive: true });
});

/** Calls the api, and keeps what it says. */
function overheard({ call }: OwnPosthorn): OwnPosthorn['call'] {
  return async (method, path, body, key) => {
    const answer = await call<never>(method, path, body, key);
    const text = JSON.stringify(answer.body);
    if (answer.status >= 400) errorTexts.push(text);
    else if (method === 'GET' && !path.endsWith('/secret')) views.push(text);
    return answer;
  };
}

/** A text, and what is in it as base64 or percent-encoding. */
function unfold(text: string): string {
  const decoded = [...text.matchAll(/[A-Za-z0-9+/_-]{24,}/g)].map(([part]) =>
    Buffer.from(part, 'base64').toString('latin1'),
  );
  const plain = text.replaceAll(/(%[0-9A-Fa-f]{2})+/g, (part) =>
    Buffer.from(part.replaceAll('%', ''), 'hex').toString(),
  );
  return [text, plain, ...decoded].join('\n');
}

/** Secrets as they were shown, and without what tells their kind. */
const bare = (): string[] => secrets.flatMap((secret) => [secret, secret.replace(/^(whsec|phk|phs)_/, '')]);

/** Marks of what lets somebody in. Those that `typed-…` were typed into a row by hand, and lie there until somebody mends it. */
const CREDENTIALS = [
  ...['password', 'bearer', 'header-value', 'client-secret', 'access-token', 'credential', 'secret', 'token'],
  ...['cookie', 'id-token', 'staff-access-token', 'typed-password', 'typed-credential'],
].map(mark);

/** The credentials, keys, tokens, cookies and signing secrets that a text holds. */
function credentialsIn(text: string, marks = CREDENTIALS): string[] {
  const all = unfold(text);
  return [...marks, ...bare()].filter((one) => all.includes(one));
}

/** The marks and secrets that a text holds. */
function found(text: string): string[] {
  const all = unfold(text);
  const shown = bare();
  return [
    // Private keys are shown to nobody, so there is none to look for.
    ...(all.includes('whsk_') ? ['whsk_'] : []),
    ...(all.includes(RUN) ? [/canary-[a-z-]+/.exec(all)?.[0] ?? RUN] : []),
    ...shown.filter((one) => all.includes(one)),
  ];
}

async function subscribe(organization: string, path: string, more: Record<string, unknown> = {}) {
  const made = await posthorn.subscribe({
    organization,
    url: receiver.url(path),
    description: mark('description'),
    headers: { 'x-ward': mark('header') },
    auth: { type: 'basic', username: 'posthorn', password: mark('password') },
    signing: 'both',
    ...more,
  });
  secrets.push(made.secret);
  return made;
}

const publish = (organization: string, headers: Record<string, string> = {}) =>
  posthorn.publish(
    {
      organization,
      type: 'visit.updated',
      resource_id: mark('resource'),
      data: { name: mark('data'), [mark('member')]: [1], note: `two\nlines ${mark('data')}` },
    },
    { 'idempotency-key': mark('idempotency'), ...headers },
  );

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

const outcome = (subscription: string, wanted: string) =>
  waitFor(`a call to be ${wanted}`, async () =>
    (await posthorn.attempts(subscription)).some((attempt) => attempt.outcome === wanted),
  );

const send = (queue: string, body: string) =>
  posthorn.sqs.send(
    new SendMessageCommand({ QueueUrl: posthorn.output(queue), MessageBody: body, MessageGroupId: mark('group') }),
  );

async function everyRow(TableName: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await posthorn.dynamoDb.send(new ScanCommand({ TableName, ExclusiveStartKey }));
    rows.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return rows;
}

async function attributesOf(queue: string): Promise<string[]> {
  return (await receive(queue)).map(({ MessageAttributes }) => JSON.stringify(MessageAttributes ?? {}));
}

async function receive(queue: string): Promise<Message[]> {
  const { Messages = [] } = await posthorn.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: posthorn.output(queue),
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

/** Does something while the clocks of all functions are a minute ahead. */
async function inAMinute<T>(work: () => Promise<T>): Promise<T> {
  const move = (aheadMs: number): void => {
    writeFileSync(MOVED_CLOCK, String(aheadMs));
    for (const pid of Object.values(posthorn.platform.environments()).flat()) process.kill(pid, 'SIGUSR2');
  };
  move(MINUTE_MS);
  return work().finally(() => move(0));
}

describe('an API key', () => {
  it('works at once, and is refused within 60 s of being revoked, by every running process', async () => {
    const made = await posthorn.call<{ id: string; key: string }>('POST', '/v1/api-keys', {
      scopes: ['organization'],
      organization: 'canary_key',
      description: mark('description'),
    });
    const { id, key } = made.body;
    secrets.push(key);
    const ask = async (): Promise<number> => (await posthorn.call('GET', '/v1/me', undefined, key)).status;
    expect(await ask()).toBe(200);

    expect((await posthorn.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);

    const later = await inAMinute(async () => {
      await waitFor('the key to be refused', async () => (await ask()) === 401);
      return Promise.all(Array.from({ length: 8 }, ask));
    });
    expect(later).toEqual(Array(8).fill(401));
  });
});

describe('patient data and secrets', () => {
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

  it(
    'are fetched by a customer with a key of their own',
    async () => {
      const organization = 'canary_pull';
      const { id } = await subscribe(organization, '/pull', { delivery: 'pull' });
      const key = await posthorn.apiKey({ scopes: ['organization'], organization });
      secrets.push(key);
      expect((await publish(organization)).status).toBe(202);
      await waitFor(
        'something to fetch',
        async () => {
          const { body } = await posthorn.call<{ data: unknown[] }>(
            'GET',
            `/v1/subscriptions/${id}/feed`,
            undefined,
            key,
          );
          return body.data.length > 0;
        },
        LONG_MS,
      );
      const said = [await listen(key, '/fetched'), await listen(`${key}x`, '/never-fetched')];

      expect(receiver.requests('/fetched')[0]!.body).toContain(mark('data'));
      expect(receiver.requests('/never-fetched')).toEqual([]);
      for (const text of said) {
        expect(text).not.toBe('');
        lines.push({ source: 'posthorn-receiver', line: text });
      }
    },
    2 * LONG_MS,
  );

  it('go in with requests that are refused', async () => {
    const { id } = await subscribe('canary_bad', '/bad');
    const bad: [method: string, path: string, body?: unknown][] = [
      ['POST', '/v1/events', `{"organization":"o","type":"visit.updated","data":{"a":"${mark('json')}"`],
      ['POST', '/v1/events', `{"${mark('twice')}":1,"${mark('twice')}":2}`],
      ['POST', '/v1/events', { organization: mark('organization!'), type: mark('type'), data: { a: mark('data') } }],
      ['POST', '/v1/events', { organization: 'o', type: 'visit.updated', data: mark('data'), [mark('member')]: 1 }],
      [
        'POST',
        '/v1/events',
        { organization: 'o', type: 'visit.updated', data: {}, triggering_location: mark('where') },
      ],
      ['POST', '/v1/events/batch', { events: [{ [mark('member')]: 1 }, mark('item')] }],
      ['POST', '/v1/subscriptions', { organization: 'o', url: `https://user:${mark('password')}@10.0.0.1/` }],
      ['POST', '/v1/subscriptions', { organization: 'o', url: `http://10.0.0.1/?${mark('query')}` }],
      ['POST', '/v1/subscriptions', { organization: 'o', url: mark('url'), headers: { host: mark('header') } }],
      ['POST', '/v1/subscriptions', { organization: 'o', url: 1, events: [mark('event')], format: mark('format') }],
      ['PATCH', `/v1/subscriptions/${id}`, { auth: { type: 'bearer', token: `${mark('token')} ` } }],
      ['PATCH', `/v1/subscriptions/${id}`, { auth: { type: mark('type'), password: mark('password') } }],
      ['PATCH', `/v1/subscriptions/${id}`, { headers: { authorization: mark('credential') } }],
      ['POST', '/v1/subscriptions', { organization: 'o', url: 'https://a.example.com/', secret: mark('secret') }],
      ['POST', `/v1/subscriptions/${id}/rotate-secret`, { secret: mark('secret') }],
      ['PATCH', `/v1/subscriptions/${id}`, { headers: { [mark('header name')]: mark('header') }, [mark('member')]: 1 }],
      ['GET', `/v1/subscriptions/${mark('id')}`],
      ['GET', `/v1/attempts?cursor=${mark('cursor')}`],
      ['GET', `/v1/events?resource_id=${mark('resource').padEnd(129, 'x')}`],
      ['GET', `/v1/attempts?limit=${mark('limit')}&${mark('parameter')}=1&since=${mark('since')}`],
      ['GET', `/v1/${mark('path')}`],
      ['GET', `/${mark('path')}?${mark('query')}`],
      ['POST', '/webhook-events', { webhook: mark('webhook'), event: 'ping' }],
    ];
    for (const [method, path, body] of bad) {
      const { status } = await posthorn.call(method, path, body);
      // A batch is taken, its items are refused one by one.
      if (path !== '/v1/events/batch') expect([400, 403, 404, 422], path).toContain(status);
    }
    for (const key of [mark('key'), `phk_${RUN.padEnd(43, 'x')}`, `${secrets[0]}x`]) {
      expect((await posthorn.call('GET', '/v1/subscriptions', undefined, key)).status).toBe(401);
    }
  });

  it('go through rows that somebody broke by hand', async () => {
    const TableName = posthorn.output('SubscriptionsTableName');
    const rows = [
      { id: 'sub_a', url: mark('url') },
      { id: 'sub_b', url: receiver.url(`/b?${mark('query')}`), events: mark('events'), format: mark('format') },
      { id: 'sub_c', url: `https://10.0.0.1/?${mark('query')}`, timeout_seconds: mark('timeout') },
      { id: 'sub_d', url: receiver.url('/d'), headers: { host: mark('header'), [mark('header name')]: '1' } },
      { id: 'sub_f', url: receiver.url('/f'), auth: { type: 'basic', password: mark('typed-password') } },
      { id: 'sub_g', url: receiver.url('/g'), headers: { authorization: mark('typed-credential') } },
      { id: 'sub_e', url: receiver.url('/e'), success: mark('success'), signature_header: mark('signature header') },
    ];
    for (const row of rows) {
      const Item = { organization: 'canary_rows', description: mark('description'), [mark('attribute')]: 1, ...row };
      await posthorn.dynamoDb.send(new PutCommand({ TableName, Item }));
    }
    const { id } = await subscribe('canary_rows', '/broken-secret');
    await posthorn.dynamoDb.send(
      new UpdateCommand({
        TableName: posthorn.output('SigningSecretsTableName'),
        Key: { subscription: id },
        UpdateExpression: 'SET secrets = :broken',
        ExpressionAttributeValues: { ':broken': [{ key: mark('secret'), created_ms: 1 }] },
      }),
    );
    await publish('canary_rows');
    await waitFor('the rows to say what is wrong', async () => {
      const { body } = await posthorn.call<{ data: { problem?: string }[] }>(
        'GET',
        '/v1/subscriptions?organization=canary_rows',
      );
      return body.data.filter(({ problem }) => problem !== undefined).length >= 4;
    });
  });

  it('go through poison, calls that no service makes, and processes killed in the middle of work', async () => {
    for (const [n, queue] of ['EventsQueueUrl', 'DeliveriesQueueUrl'].entries()) {
      for (const body of POISON(n)) await send(queue, body);
    }
    const record = {
      messageId: 'm',
      receiptHandle: 'r',
      body: POISON(9)[0],
      attributes: { SentTimestamp: mark('sent') },
    };
    for (const stage of Object.keys(posthorn.platform.environments())) {
      for (const event of [
        { Records: mark('records') },
        { Records: [record] },
        { Records: [null] },
        mark('event'),
        null,
      ]) {
        await posthorn.platform.invoke(stage, event);
      }
    }
    const path = `/killed?token=${mark('query')}`;
    const { id } = await subscribe('canary_killed', path);
    receiver.answer(path, () => new Promise<number>(() => undefined));
    await publish('canary_killed');
    await waitFor('a request under way', () => receiver.requests(path)[0]);
    const senders = posthorn.platform.environments().sender ?? [];
    for (const pid of senders) process.kill(pid, 'SIGKILL');
    // What is handed to a process that is dying comes back after the visibility timeout only.
    await waitFor('their end', () => !posthorn.platform.environments().sender?.some((pid) => senders.includes(pid)));
    receiver.answer(path, () => 200);
    await posthorn.call('POST', `/v1/subscriptions/${id}/ping`);
    await outcome(id, 'delivered');
    for (const queue of DEAD_LETTERS.slice(0, 2)) {
      await waitFor(`dead letters in ${queue}`, async () => (await attributesOf(queue)).length >= 4);
    }
  });

  it('lie in no table but their own: credentials, keys, tokens, cookies and signing secrets', async () => {
    // The views that the other tests leave are records, too.
    const { body } = await posthorn.call<{ data: { id: string }[] }>('GET', '/v1/events?organization=canary_ok');
    await posthorn.call('GET', `/v1/events/${body.data[0]!.id}`);
    const { TableNames = [] } = await posthorn.dynamoDb.send(new ListTablesCommand({}));
    const own = posthorn.output('SigningSecretsTableName');
    const edited = posthorn.output('SubscriptionsTableName');
    const [ofRows, typed] = [CREDENTIALS.filter((one) => !one.includes('typed')), 'canary_rows'];

    expect(TableNames).toHaveLength(11);
    expect((await everyRow(own)).flatMap((row) => credentialsIn(JSON.stringify(row)))).toEqual(
      expect.arrayContaining([mark('password'), mark('bearer'), mark('header-value'), mark('client-secret')]),
    );
    for (const table of TableNames.filter((name) => name !== own)) {
      const rows = await everyRow(table);
      // What somebody typed into a row by hand lies there until they take it out.
      const marks = (row: Record<string, unknown>) =>
        table === edited && row.organization === typed ? ofRows : CREDENTIALS;
      if (!/Held|Replays/.test(table)) expect(rows, table).not.toEqual([]);
      expect(
        rows.filter((row) => credentialsIn(JSON.stringify(row), marks(row)).length > 0),
        table,
      ).toEqual([]);
    }
    // The trail says what a row was and became: neither what is in headers, queries and payloads, nor who is asked about.
    const trail = JSON.stringify(await everyRow(posthorn.output('AuditTrailTableName')));
    for (const what of ['header', 'query', 'data', 'member', 'resource', 'response', 'good', 'idempotency']) {
      expect(trail, what).not.toContain(`${mark(what)}`);
    }
  });

  it('stand in no error text, in no answer that only shows, and in no address', () => {
    const addresses = [...receiver.addresses(), ...staff.addresses, ...locations];
    // A code of OpenID Connect comes back in an address, as it must; it counts once.
    const codes = addresses.flatMap((one) => /[?&]code=([\w-]+)/.exec(one)?.[1] ?? []);

    expect(errorTexts.length).toBeGreaterThan(20);
    expect(views.length).toBeGreaterThan(20);
    expect(addresses.some((one) => one.includes('sign_in=failed'))).toBe(true);
    expect(codes).not.toEqual([]);
    expect(errorTexts.filter((text) => credentialsIn(text).length > 0)).toEqual([]);
    expect(views.filter((text) => credentialsIn(text).length > 0)).toEqual([]);
    const inAddress = addresses.filter((one) => credentialsIn(one).some((held) => !codes.includes(held)));
    expect(inAddress).toEqual([]);
  });

  it('stand in no log line, metric, notice or attribute of a dead letter', async () => {
    const stages = ['ingest', 'api', 'fan-out', 'sender', 'subscription-guard', 'recovery-function'];
    const attributes = (await Promise.all(DEAD_LETTERS.map(attributesOf))).flat();
    const notices = posthorn.platform.notices.map((notice) => JSON.stringify(notice));

    // First, that there was something to look at, and that a mark would be seen.
    expect([...new Set(lines.map(({ source }) => source))]).toEqual(expect.arrayContaining(stages));
    expect(lines.some(({ line }) => line.includes('CloudWatchMetrics'))).toBe(true);
    expect(lines.some(({ line }) => line.includes('unexpected error'))).toBe(true);
    expect(attributes.some((one) => one.includes('reason'))).toBe(true);
    expect(secrets.length).toBeGreaterThan(30);
    for (const text of [
      mark('data'),
      Buffer.from(`{"a":"${mark('data')}"}`).toString('base64'),
      secrets[0]!,
      secrets[4]!,
    ]) {
      expect(found(`{"level":"INFO","text":"${text}"}`)).not.toEqual([]);
    }

    expect(lines.filter(({ line }) => found(line).length > 0)).toEqual([]);
    expect(notices.filter((notice) => found(notice).length > 0)).toEqual([]);
    expect(attributes.filter((one) => found(one).length > 0)).toEqual([]);
  });

  it('lie in no message of any queue, waiting, delayed, in flight or dead', async () => {
    await posthorn.platform.close();

    const all = keptMessages(folder);

    expect([...new Set(all.map(({ queue }) => queue))].filter((queue) => /dead/i.test(queue))).not.toEqual([]);
    expect(all.filter(({ body, attributes }) => credentialsIn(body + attributes).length > 0)).toEqual([]);
  });
});
