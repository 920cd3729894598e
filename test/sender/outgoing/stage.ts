import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { OutgoingOptions } from '../../../lambdas/sender/outgoing.ts';
import { startBehaviourServer, startDrip, type BehaviourServer } from './behaviour-server.ts';
import type { Behaviour, DnsEntry, Step, TlsSettings } from './behaviours.ts';
import type { Authority } from './certificates.ts';
import { milliseconds } from './steps.ts';

/** The test's public internet. Linux listens on any 127.x.y.z; see behaviour-server.ts for macOS. */
const PLACES = { PUBLIC_1: '127.0.0.2', PUBLIC_CLOSED: '127.0.0.3', PUBLIC_SILENT: '127.0.0.4' };

/** A wait between the schedule's own and its ceiling, seconds. */
export const INSIDE_SECONDS = 120;

/** Counts connections that must never happen. */
export interface Canary {
  port: number;
  connections(): number;
  close(): Promise<void>;
}

/** A case of the corpus, ready to be delivered to. Used by the tests of the client and of the sender alike. */
export interface Stage {
  /** One for each endpoint of the case; deliveries one after the other all go to the first. */
  urls: string[];
  /** Body that the case speaks of. */
  body: Buffer;
  /** For createOutgoing: the case's resolver, its public addresses and the authority to trust. */
  options: OutgoingOptions;
  server: BehaviourServer;
  /** How often a name was looked up. */
  lookups(): number;
  close(): Promise<void>;
}

/** What a stage needs besides its case. */
export interface StageSetting {
  deadlineMs: number;
  canary: Canary;
  authority: Authority;
  /** Play cases that do not speak of TLS over TLS as well. */
  overTls?: boolean;
}

/** Listens on 127.0.0.1 and ::1. */
export async function startCanary(): Promise<Canary> {
  let connections = 0;
  const count = (socket: Socket): void => {
    connections++;
    socket.destroy();
  };
  const four = createServer(count).listen(0, '127.0.0.1');
  await once(four, 'listening');
  const { port } = four.address() as AddressInfo;
  const six = createServer(count).listen(port, '::1');
  // A machine without IPv6 has no ::1 to reach either.
  const hasSix = await Promise.race([once(six, 'listening').then(() => true), once(six, 'error').then(() => false)]);
  return {
    port,
    connections: () => connections,
    async close() {
      for (const server of hasSix ? [four, six] : [four]) {
        server.close();
        await once(server, 'close');
      }
    },
  };
}

/** Sets up the servers and the name server of a case. */
export async function startStage(behaviour: Behaviour, setting: StageSetting): Promise<Stage> {
  const { deadlineMs, canary, authority } = setting;
  const placeholders = {
    deadlineMs,
    texts: {
      CANARY: `http://127.0.0.1:${canary.port}`,
      CANARY_PORT: String(canary.port),
      INSIDE_SECONDS: String(INSIDE_SECONDS),
      INSIDE_DATE: new Date(Date.now() + INSIDE_SECONDS * 1000).toUTCString(),
    },
  };
  const first = behaviour.server ?? [{ hang: true }];
  const tls = tlsOf(behaviour, first, setting.overTls === true);
  const secure = tls !== undefined || behaviour.url?.startsWith('https:') === true;
  const names = hostnames(behaviour);
  const identity = tls && (await authority.issue(names, tls.cert ?? 'valid', tls.extra_chain_bytes));
  const script = { placeholders, tls: tls && identity ? { identity, settings: tls } : undefined };
  const server = await startBehaviourServer(PLACES.PUBLIC_1, { first, later: behaviour.servers_later, ...script });
  const others =
    behaviour.server_others &&
    (await startBehaviourServer(PLACES.PUBLIC_1, { first: behaviour.server_others, ...script }));
  const drip = tls?.drip_ms === undefined ? undefined : await startDrip(PLACES.PUBLIC_1, server.port, tls.drip_ms);
  const silent = mentions(behaviour, 'PUBLIC_SILENT')
    ? await startSilent(PLACES.PUBLIC_SILENT, server.port)
    : undefined;
  const resolver = createResolver(behaviour.dns?.lookups ?? [['PUBLIC_1']], deadlineMs);

  return {
    urls: names.map((name, i) => {
      const port = i > 0 && others ? others.port : (drip?.port ?? server.port);
      const own = i === 0 ? behaviour.url?.replace('{CANARY_PORT}', String(canary.port)) : undefined;
      return withPort(own ?? `${secure ? 'https' : 'http'}://${name}/`, port);
    }),
    body: Buffer.from(JSON.stringify({ note: 'x'.repeat(behaviour.behaviour.includes('256 KB') ? 262_144 : 20) })),
    options: {
      allowHttp: true,
      localReceivers: false,
      lookup: resolver.lookup,
      isAllowed: (address) => Object.values(PLACES).includes(address),
      tls: { ca: authority.ca },
    },
    server,
    lookups: resolver.count,
    async close() {
      await Promise.all([server.close(), others?.close(), drip?.close(), silent?.close()]);
    },
  };
}

/** A server script that begins below HTTP wants the raw socket, whatever the URL's scheme. */
function tlsOf(behaviour: Behaviour, first: Step[], overTls: boolean): TlsSettings | undefined {
  if (behaviour.tls) return behaviour.tls;
  const step = first[0]!;
  const raw = 'hang' in step || 'close' in step || ('read' in step && step.read === 'some');
  return !raw && (overTls || behaviour.url?.startsWith('https:')) ? { cert: 'valid' } : undefined;
}

function hostnames({ url, tls, endpoints = 1 }: Behaviour): string[] {
  const own = tls?.cert === 'wildcard_two_levels' ? 'a.hooks.example.com' : 'hooks.example.com';
  const first = url === undefined ? own : new URL(url.replace('{CANARY_PORT}', '443')).hostname;
  return [first, ...Array.from({ length: endpoints - 1 }, (_, i) => `hooks-${i + 2}.example.com`)];
}

function withPort(url: string, port: number): string {
  const parsed = new URL(url);
  if (parsed.port === '') parsed.port = String(port);
  return parsed.href;
}

function mentions(behaviour: Behaviour, place: string): boolean {
  return JSON.stringify(behaviour.dns ?? {}).includes(place);
}

function createResolver(lookups: DnsEntry[][], deadlineMs: number) {
  let count = 0;
  return {
    count: () => count,
    async lookup(): Promise<string[]> {
      const entries = lookups[Math.min(count++, lookups.length - 1)]!;
      const addresses: string[] = [];
      for (const entry of entries) {
        if (typeof entry === 'string') addresses.push(place(entry));
        else if (entry.error !== undefined) throw Object.assign(new Error(entry.error), { code: entry.error });
        else if (entry.never === true) await new Promise(() => {});
        else if (entry.after_ms !== undefined)
          await new Promise((resolve) => setTimeout(resolve, milliseconds(entry.after_ms!, deadlineMs)).unref());
        else if (entry.repeat !== undefined) addresses.push(...Array<string>(entry.times!).fill(place(entry.repeat)));
        // `ttl`, `cname` and `cname_chain` are spent inside a resolver; what it hands out are addresses.
      }
      return addresses;
    },
  };
}

function place(entry: string): string {
  return PLACES[entry as keyof typeof PLACES] ?? entry;
}

/** A listener that never accepts: its thread sleeps, its queue of one is full, and the kernel answers no handshake. */
export async function startSilent(host: string, port: number): Promise<{ close(): Promise<void> }> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     require('node:net').createServer().listen({ host: '${host}', port: ${port}, backlog: 1 }, () => {
       parentPort.postMessage('listening');
       setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
     });`,
    { eval: true },
  );
  await once(worker, 'message');
  const fillers: Socket[] = [];
  for (let filled = false; !filled;) {
    const socket = connect({ host, port });
    socket.on('error', () => {});
    fillers.push(socket);
    const connected = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<boolean>((resolve) => setTimeout(resolve, 100, false)),
    ]);
    filled = !connected || fillers.length > 20;
  }
  return {
    async close() {
      for (const socket of fillers) socket.destroy();
      await worker.terminate();
    },
  };
}
