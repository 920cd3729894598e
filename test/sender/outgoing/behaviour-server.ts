import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureVersion } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Step, TlsSettings } from './behaviours.ts';
import type { ServerIdentity } from './certificates.ts';
import { converse, type Conversation, type Placeholders } from './steps.ts';

/** A listener that misbehaves as told. */
export interface BehaviourServer {
  port: number;
  /** One for each connection on which steps were played, in order; with TLS only those that finished the handshake. */
  conversations: Conversation[];
  /** TCP connections that were accepted. */
  accepted(): number;
  /** Server names that clients sent. */
  serverNames: (string | false)[];
  /** Whether each handshake resumed a session. */
  resumed: boolean[];
  close(): Promise<void>;
}

/** What a {@link startBehaviourServer} plays. */
export interface ServerScript {
  first: Step[];
  later?: Step[] | undefined;
  placeholders: Placeholders;
  /** Absent: plain TCP. */
  tls?: { identity: ServerIdentity; settings: TlsSettings } | undefined;
  port?: number;
}

/** Listens on `host` and plays the script on every connection. */
export async function startBehaviourServer(host: string, script: ServerScript): Promise<BehaviourServer> {
  const sockets = new Set<Socket>();
  const conversations: Conversation[] = [];
  const serverNames: (string | false)[] = [];
  const resumed: boolean[] = [];
  let accepted = 0;
  const context = script.tls && secureContextOf(script.tls);

  const talk = (socket: Socket, raw: Socket, number: number): void => {
    const steps = number === 0 ? script.first : (script.later ?? script.first);
    conversations.push(converse(socket, steps, script.placeholders, raw));
  };
  const server = createServer({ allowHalfOpen: false }, (raw) => {
    const number = accepted++;
    sockets.add(raw);
    raw.on('error', () => {});
    if (!context) return talk(raw, raw, number);
    const { settings } = script.tls!;
    const socket = new TLSSocket(raw, {
      isServer: true,
      secureContext: context,
      ...(settings.alpn ? { ALPNProtocols: settings.alpn } : {}),
      requestCert: settings.client_cert !== undefined,
      rejectUnauthorized: settings.client_cert !== undefined,
      SNICallback: (name, done) => {
        serverNames.push(name);
        done(null);
      },
    });
    socket.on('error', () => raw.destroy());
    socket.once('secure', () => {
      resumed.push(socket.isSessionReused());
      if (settings.client_cert !== undefined && !socket.authorized) return void socket.destroy();
      talk(socket, raw, number);
    });
  });
  server.listen(script.port ?? 0, host);
  await listening(server, host);
  return {
    port: (server.address() as AddressInfo).port,
    conversations,
    accepted: () => accepted,
    serverNames,
    resumed,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Forwards to a listener, its answers byte by byte: a handshake that crawls. */
export async function startDrip(
  host: string,
  port: number,
  everyMs: number,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host, port });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => [client, upstream].forEach((one) => one.destroy()));
    }
    client.pipe(upstream);
    void (async () => {
      for await (const chunk of upstream as AsyncIterable<Buffer>)
        for (const byte of chunk) {
          client.write(Buffer.of(byte));
          await sleep(everyMs, undefined, { ref: false });
          if (client.destroyed) return;
        }
    })().catch(() => {});
  });
  server.listen(0, host);
  await listening(server, host);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listening(server: Server, host: string): Promise<void> {
  try {
    await once(server, 'listening');
  } catch (error) {
    // Linux answers on all of 127.0.0.0/8; macOS has 127.0.0.1 alone.
    const hint =
      (error as { code?: string }).code === 'EADDRNOTAVAIL' ? `; on macOS run: sudo ifconfig lo0 alias ${host} up` : '';
    throw new Error(`These tests need the loopback address ${host} for listening${hint}`, { cause: error });
  }
}

function secureContextOf({ identity, settings }: NonNullable<ServerScript['tls']>) {
  const versions = settings.versions ?? [];
  const old = versions.some((version) => version === 'TLSv1' || version === 'TLSv1.1') || settings.cert === 'weak_key';
  return createSecureContext({
    key: identity.key,
    cert: identity.cert,
    ...(versions.length > 0
      ? { minVersion: versions[0] as SecureVersion, maxVersion: versions.at(-1) as SecureVersion }
      : {}),
    ...(old ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  });
}
