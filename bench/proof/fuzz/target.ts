import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeProject } from '../../../local/template/project.ts';
import { operationsOf } from '../../../test/support/open-api.ts';
import { FAST_SETTINGS } from '../../../test/support/posthorn.ts';
import { startTenants, type TenantAnswer, type TenantRequest, type Tenants } from '../../../test/support/tenants.ts';
import type { Told } from './gateway.ts';
import { createWorld, type World } from './world.ts';

/** A running Posthorn to send anything to: nothing in its tables but what the world names. */
export interface Target {
  port: number;
  world: World;
  /** What went wrong in its processes since the last call: unhandled rejections, exceptions, an end. */
  violations(): string[];
  /** The last errors that its functions logged. */
  errors(): string[];
  close(): Promise<void>;
}

const PROJECT = join(import.meta.dirname, '../../..');
const KEPT_ERRORS = 20;
/** Of 20 subscriptions: more than one page of a list, or each list would walk through all days of the log's time. */
const EVENTS_EACH = 6;

/** Synthesizes and bundles the app, as `npm start` does, or takes what a test has. @returns the folder, for any number of targets, and its removal. */
export async function bundleApp(): Promise<{ folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-fuzz-'));
  await synthesizeProject(folder, { project: PROJECT, env: { ...process.env, ...FAST_SETTINGS } });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Starts tables and queues in this process, gateway and functions in another, and makes something to ask for.
 * @param folder of {@link bundleApp}.
 */
export async function startTarget(folder: string): Promise<Target> {
  const tenants = await startTenants({ isTest: false });
  const child = fork(join(import.meta.dirname, 'gateway.ts'), [folder], {
    // Not those of this process, which may be a worker of the test runner.
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const close = async (): Promise<void> => {
    child.removeAllListeners();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.connected) {
      child.disconnect();
      await ended;
    }
    await tenants.close();
  };
  try {
    const { port, ...told } = await listen(child);
    return { port, world: await furnish(tenants, port), ...told, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(child: ChildProcess): Promise<Pick<Target, 'port' | 'violations' | 'errors'>> {
  let violations: string[] = [];
  const errors: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    child.on('message', (told: Told) => {
      if ('port' in told) resolve(told.port);
      else if ('violation' in told) violations.push(told.violation);
      else if (errors.push(told.line.trim()) > KEPT_ERRORS) errors.shift();
    });
    child.once('exit', (code, signal) => {
      const what = `the gateway's process ended with ${signal ?? code}`;
      violations.push(what);
      reject(new Error(what));
    });
  });
  const take = (): string[] => {
    const taken = violations;
    violations = [];
    return taken;
  };
  return { port, violations: take, errors: () => errors };
}

/** Keys, subscriptions, events with attempts, and jobs: so that an id in a path can be one that exists. */
async function furnish(tenants: Tenants, port: number): Promise<World> {
  const keys = {
    admin: await tenants.key(['admin']),
    producer: await tenants.key(['events:write']),
    organization: await tenants.key(['organization'], 'org_1'),
    revoked: await tenants.key(['admin'], undefined, { revoked_at: '2026-01-01T00:00:00.000Z' }),
  };
  const call = (request: TenantRequest): Promise<TenantAnswer> => over(port, { key: keys.admin, ...request });
  const made = async (path: string, body: unknown): Promise<string> => {
    const { text } = await call({ method: 'POST', path, body });
    const { id } = JSON.parse(text) as { id?: string };
    if (id === undefined) throw new Error(`Expected POST ${path} to make something, got ${text}`);
    return id;
  };
  const ids = { subscriptions: [], events: [], attempts: [], replays: [], 'api-keys': [] } as Record<string, string[]>;
  for (let n = 0; n < 20; n++) {
    const organization = `org_${n % 3}`;
    const subscription = await made('/v1/subscriptions', { organization, url: `https://example.com/first-${n}` });
    ids.subscriptions!.push(subscription);
    ids['api-keys']!.push(await made('/v1/api-keys', { scopes: ['organization'], organization }));
    for (let m = 0; m < EVENTS_EACH; m++) {
      const { event, attempts } = await tenants.delivered(
        organization,
        [subscription, 'sub_gone'],
        '{"a":1.10}',
        '28540',
      );
      ids.events!.push(event);
      ids.attempts!.push(...attempts);
    }
  }
  const period = { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z', outcomes: ['failed'] };
  ids.replays!.push(await made(`/v1/subscriptions/${ids.subscriptions![0]}/replay`, period));
  return createWorld(keys, await operationsOf({ call }), ids);
}

async function over(port: number, { method, path, key, body }: TenantRequest): Promise<TenantAnswer> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
}
