import { startBehaviourServer, type BehaviourServer } from './behaviour-server.ts';
import { createOutgoing, type Answer, type Outgoing, type OutgoingOptions } from '../../../lambdas/sender/outgoing.ts';
import type { Step } from './behaviours.ts';
import { createAuthority, type Authority } from './certificates.ts';

export const HOST = 'hooks.example.com';
/** Passes as public in these tests. */
export const ADDRESS = '127.0.0.2';
export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
export const ANSWER_ALWAYS: Step[] = [{ loop: [{ read: 'request' }, { send: OK }] }];

/** What a {@link serve} differs in. */
interface ServeOptions {
  tls?: boolean;
  /** Steps of every connection after the first. */
  later?: Step[];
  /** Of TLS. */
  versions?: string[];
  address?: string;
}

export const authority: Promise<Authority> = createAuthority();
const closing: (() => Promise<void>)[] = [];

/** Closes what the test has opened, last first; for afterEach. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** Has {@link closeAll} close something as well. */
export function closeLater(it: { close(): Promise<void> }): void {
  closing.push(() => it.close());
}

/** A server that plays these steps on every connection. */
export async function serve(
  first: Step[],
  { tls, later, versions, address }: ServeOptions = {},
): Promise<BehaviourServer> {
  const identity = tls ? await (await authority).issue([HOST]) : undefined;
  const server = await startBehaviourServer(address ?? ADDRESS, {
    first,
    later,
    placeholders: { deadlineMs: 2000, texts: {} },
    tls: identity && { identity, settings: versions ? { versions } : {} },
  });
  closeLater(server);
  return server;
}

/** A client that resolves every name to {@link ADDRESS}. */
export async function client(options: Partial<OutgoingOptions> = {}): Promise<Outgoing> {
  const outgoing = createOutgoing({
    allowHttp: true,
    localReceivers: false,
    lookup: async () => [ADDRESS],
    isAllowed: (address) => address === ADDRESS,
    tls: { ca: (await authority).ca },
    ...options,
  });
  closeLater(outgoing);
  return outgoing;
}

/** One small request to a server of {@link serve}. */
export function post(
  outgoing: Outgoing,
  { port }: { port: number },
  scheme = 'http',
  timeoutMs = 2000,
  graceMs = 0,
): Promise<Answer> {
  return outgoing.post({
    url: `${scheme}://${HOST}:${port}/hook`,
    headers: { 'x-a': 'b' },
    body: Buffer.from('{}'),
    timeoutMs,
    graceMs,
  });
}
