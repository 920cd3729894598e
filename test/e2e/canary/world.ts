import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { FAST_SETTINGS, startPosthorn, type OwnPosthorn } from '../../support/posthorn.ts';
import { startReceiver, type Receiver } from '../../support/receiver.ts';
import { startStaff, type StaffOnLoopback } from '../../support/staff-on-loopback.ts';
import { waitFor } from '../../support/wait-for.ts';
import { mark, secrets } from './marks.ts';

// The platform that canary.test.ts fills with marks, and everything that it was heard to say.

const SETTINGS = {
  ...FAST_SETTINGS,
  POSTHORN_CIRCUIT_FAILURES: '3',
  POSTHORN_CIRCUIT_SECONDS: '0',
  POSTHORN_PROBE_SECONDS: '1',
};
const MINUTE_MS = 60_000;
/** See support/moved-clock.mjs. */
export const folder = mkdtempSync(join(tmpdir(), 'posthorn-canary-'));
const MOVED_CLOCK = join(folder, 'moved-clock');
const PRELOADED = `--import ${new URL('../../support/moved-clock.mjs', import.meta.url).href}`;

export let posthorn: OwnPosthorn;
export let receiver: Receiver;
export let staff: StaffOnLoopback;
/** Of every request that was refused. */
export const errorTexts: string[] = [];
/** Of every request that only looks, but for a subscription's own secret. */
export const views: string[] = [];
/** Where browsers were sent. */
export const locations: string[] = [];
export const lines: { source: string; line: string }[] = [];

export async function startWorld(): Promise<void> {
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
}

export async function stopWorld(): Promise<void> {
  await posthorn.close();
  await receiver.close();
  await staff.close();
  rmSync(folder, { recursive: true });
}

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

export async function subscribe(organization: string, path: string, more: Record<string, unknown> = {}) {
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

export const publish = (organization: string, headers: Record<string, string> = {}) =>
  posthorn.publish(
    {
      organization,
      type: 'visit.updated',
      resource_id: mark('resource'),
      data: { name: mark('data'), [mark('member')]: [1], note: `two\nlines ${mark('data')}` },
    },
    { 'idempotency-key': mark('idempotency'), ...headers },
  );

export const outcome = (subscription: string, wanted: string) =>
  waitFor(`a call to be ${wanted}`, async () =>
    (await posthorn.attempts(subscription)).some((attempt) => attempt.outcome === wanted),
  );

export const send = (queue: string, body: string) =>
  posthorn.sqs.send(
    new SendMessageCommand({ QueueUrl: posthorn.output(queue), MessageBody: body, MessageGroupId: mark('group') }),
  );

/** Does something while the clocks of all functions are a minute ahead. */
export async function inAMinute<T>(work: () => Promise<T>): Promise<T> {
  const move = (aheadMs: number): void => {
    // As a whole: an invocation may begin at any time.
    writeFileSync(`${MOVED_CLOCK}.new`, String(aheadMs));
    renameSync(`${MOVED_CLOCK}.new`, MOVED_CLOCK);
  };
  move(MINUTE_MS);
  return work().finally(() => move(0));
}
