import { connect as connectTcp } from 'node:net';
import { checkServerIdentity, connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls';
import type { BareRequest } from './requests.ts';

/**
 * Posts over sockets of Node alone, without a client: what nobody who keeps Node's TLS can be cheaper than. It has all that
 * the sender's client saves with (one secure context, sessions, the names instead of the chain) and nothing that it must do
 * besides: addresses are not checked, nothing is timed or bounded, the first bytes of an answer end the connection.
 */
export function createBareTls(port: string): (request: BareRequest) => Promise<void> {
  const secureContext = createSecureContext({ minVersion: 'TLSv1.2' });
  const sessions = new Map<string, Buffer>();
  return ({ origin, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const host = new URL(origin).hostname;
      const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const head = `POST ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\n${fields.join('')}content-length: ${body.length}\r\n\r\n`;
      const tcp = connectTcp({ host: '127.0.0.1', port: Number(port), noDelay: true });
      tcp.once('error', reject);
      tcp.once('connect', () => {
        const session = sessions.get(host);
        const socket: TLSSocket = connectTls({
          socket: tcp,
          secureContext,
          host,
          servername: host,
          ...(session ? { session } : {}),
          ALPNProtocols: ['http/1.1'],
          checkServerIdentity: (name) =>
            checkServerIdentity(name, {
              subject: {},
              subjectaltname: socket.getPeerX509Certificate()?.subjectAltName,
            } as never),
        });
        socket.getPeerCertificate = () => ({}) as never;
        socket.on('session', (fresh) => sessions.set(host, fresh));
        socket.once('error', reject);
        socket.once('secureConnect', () => {
          socket.cork();
          socket.write(head, 'latin1');
          socket.write(body);
          socket.uncork();
        });
        socket.once('data', (bytes: Buffer) => {
          socket.destroy();
          if (bytes.toString('latin1', 9, 12) === '200') resolve();
          else reject(new Error(`Expected 200, got ${bytes.toString('latin1', 0, 100)}`));
        });
      });
    });
}
