import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FORMAT_NAMES } from '../lambdas/domain/formats/names.ts';
import { DEMO_EVENTS } from './demo/events.ts';
import { startDemoReceiver, type DemoReceiver } from './demo/receiver.ts';
import { localOutputs, type Outputs } from './outputs-file.ts';
import { startPlatform, type Platform } from './platform.ts';
import { prepare } from './prepare.ts';

// `npm run demo`: the main job on real-looking input, told as a story. Ends with 0 when every delivery arrived.

const PROJECT = join(import.meta.dirname, '..');
const ORGANIZATION = 'org_demo';
/** Retries within seconds; a deployed stack waits 10 s, 60 s and 180 s. */
const RETRY_DELAYS = '1,2,3';
/** The longest the story may take after the events are posted, milliseconds. */
const PATIENCE_MS = 60_000;

interface Customer {
  name: string;
  receiver: DemoReceiver;
  subscription: string;
}

interface LogLine {
  event_id: string;
  type: string;
  attempt: number;
  outcome: string;
  status?: number;
  reason?: string;
}

async function main(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-demo-'));
  say('Starting Posthorn: synthesizing the CDK app and running what its template says …');
  const platform = await startPlatform({
    folder,
    project: PROJECT,
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow' },
    env: { ...process.env, POSTHORN_RETRY_DELAYS: process.env.POSTHORN_RETRY_DELAYS ?? RETRY_DELAYS },
  });
  const customers: Customer[] = [];
  try {
    return await tell(platform, localOutputs(platform, await prepare(platform, folder)), customers);
  } finally {
    for (const { receiver } of customers) receiver.close();
    await platform.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tell(platform: Platform, outputs: Outputs, customers: Customer[]): Promise<boolean> {
  const api = createApi(platform.apiUrl, outputs.local!);
  say(`\n1. Customers subscribe (POST ${platform.apiUrl}/v1/subscriptions)`);
  for (const format of FORMAT_NAMES) customers.push(await subscribe(api, format, await startDemoReceiver(), format));
  customers.push(await subscribe(api, 'has a bad minute', await startDemoReceiver(2), 'standard'));

  say(`\n2. A producer posts ${DEMO_EVENTS.length} events (POST ${platform.apiUrl}/v1/events)`);
  for (const event of DEMO_EVENTS) {
    const { id } = await api.post<{ id: string }>('/v1/events', { organization: ORGANIZATION, ...event }, 'producer');
    say(`   ${event.type.padEnd(28)} accepted as ${id}`);
  }

  say('\n3. What each customer got, checked with the public Standard Webhooks library');
  const logs = await waitForAll(api, customers);
  for (const customer of customers) report(customer, logs.get(customer.subscription) ?? []);

  const receipts = customers.flatMap(({ receiver }) => receiver.receipts);
  const verified = receipts.every((receipt) => receipt.verified);
  const settled = [...logs.values()].every((log) => isSettled(log));
  say(
    `\n${receipts.length} requests, ${verified ? 'every' : 'NOT every'} signature verified, ` +
      `${settled ? 'every' : 'NOT every'} delivery has come to its end.`,
  );
  return verified && settled;
}

async function subscribe(api: Api, name: string, receiver: DemoReceiver, format: string): Promise<Customer> {
  const body = { organization: ORGANIZATION, url: receiver.url, format, description: name };
  const { id } = await api.post<{ id: string }>('/v1/subscriptions', body);
  receiver.trust((await api.get<{ secret: string }>(`/v1/subscriptions/${id}/secret`)).secret);
  say(`   ${name.padEnd(18)} ${receiver.url}  ${id}`);
  return { name, receiver, subscription: id };
}

/** The logs of all customers once every event has come to its end everywhere, or when patience ends. */
async function waitForAll(api: Api, customers: Customer[]): Promise<Map<string, LogLine[]>> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const logs = new Map<string, LogLine[]>();
    for (const { subscription } of customers) {
      const { data } = await api.get<{ data: LogLine[] }>(`/v1/attempts?subscription=${subscription}`);
      logs.set(subscription, data.toReversed());
    }
    if ([...logs.values()].every(isSettled) || Date.now() > deadline) return logs;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function isSettled(log: LogLine[]): boolean {
  const last = new Map(log.map((line) => [line.event_id, line.outcome]));
  return last.size === DEMO_EVENTS.length && [...last.values()].every((o) => o === 'delivered' || o === 'skipped');
}

function report({ name, receiver }: Customer, log: LogLine[]): void {
  say(`   ${name}`);
  for (const line of log) {
    const receipt = receiver.receipts.find((r) => r.eventId === line.event_id);
    const checked = receipt ? (receipt.verified ? `verified, ${receipt.bytes} bytes` : 'NOT VERIFIED') : '';
    const what = line.outcome === 'skipped' ? `skipped: ${line.reason}` : `${line.outcome}, status ${line.status}`;
    const again = line.outcome === 'failed' ? ', will be tried again' : '';
    say(`     ${line.type.padEnd(28)} try ${line.attempt}: ${what}${again}${checked ? ` (${checked})` : ''}`);
  }
}

type Api = ReturnType<typeof createApi>;

function createApi(url: string, local: Record<string, string>) {
  const call = async <T>(path: string, init: RequestInit, key: string): Promise<T> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`Expected ${path} to succeed, got ${response.status} ${text}`);
    return JSON.parse(text) as T;
  };
  return {
    get: <T>(path: string) => call<T>(path, {}, local.AdminApiKey!),
    post: <T>(path: string, body: unknown, who: 'admin' | 'producer' = 'admin') =>
      call<T>(
        path,
        { method: 'POST', body: JSON.stringify(body) },
        who === 'admin' ? local.AdminApiKey! : local.ProducerApiKey!,
      ),
  };
}

function say(line: string): void {
  console.log(line);
}

process.exitCode = (await main()) ? 0 : 1;
