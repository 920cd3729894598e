import { connect as connectTcp, isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect as connectTls,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { Addresses, Found } from './addresses.ts';
import { classify, isAlert, OutgoingError, type Phase } from './failure.ts';
import type { SessionCache } from './session-cache.ts';
import type { Destination } from './destination.ts';

/** What every connection shares. */
export interface DialTools {
  addresses: Addresses;
  secureContext: SecureContext;
  sessions: SessionCache;
}

/** A connection being made. */
export interface Dial {
  /** The connected socket, with TLS where the target wants it. Rejects with an OutgoingError; never settles once cancelled. */
  socket: Promise<Socket>;
  /** Gives up: destroys whatever is half open; a late answer of the name server starts nothing. */
  cancel(): void;
}

// A further address is tried when one is silent for this long, as browsers do (RFC 8305 §5 recommends 250 ms).
const NEXT_ADDRESS_MS = 250;
// A name with thousands of addresses is tried no longer than this.
const MOST_ADDRESSES = 8;

/** What the endpoint said against a connection that was open already. */
const alerts = new WeakMap<Socket, OutgoingError>();

/** The alert that ended a connection after its handshake, if one did. */
export function alertOf(socket: Socket): OutgoingError | undefined {
  return alerts.get(socket);
}

const NOT_READ = {} as DetailedPeerCertificate;

/**
 * Resolves, checks, connects and shakes hands.
 * @param enter is told when each phase begins.
 */
export function dial(target: Destination, tools: DialTools, enter: (phase: Phase) => void): Dial {
  const open = new Set<Socket>();
  let cancelled = false;
  const run = async (): Promise<Socket> => {
    enter('dns');
    const found = await tools.addresses.of(target);
    if (cancelled) return new Promise(() => {});
    enter('connect');
    const tcp = await connectFirst(found, target.port, open, () => cancelled, enter);
    const peer = tcp.remoteAddress;
    // The kernel was given a checked address; this notices if anything between here and there changed it.
    if (peer === undefined || !tools.addresses.isAllowed(peer, target)) {
      tcp.destroy();
      throw peer === undefined
        ? new OutgoingError('connection_lost', 'the connection was closed as soon as it was open')
        : new OutgoingError('blocked_address', `blocked address: the connection led to ${peer}`);
    }
    if (!target.secure) return tcp;
    enter('tls');
    return secure(tcp, target, tools, open);
  };
  return {
    socket: run(),
    cancel() {
      cancelled = true;
      for (const socket of open) socket.destroy();
    },
  };
}

/**
 * The first address that accepts wins; the next one is tried when one fails or is silent. Addresses that the name server
 * hands out meanwhile come behind the others (RFC 8305 §3); one of them that is private ends what is under way.
 */
function connectFirst(
  { addresses, later }: Found,
  port: number,
  open: Set<Socket>,
  isCancelled: () => boolean,
  enter: (phase: Phase) => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const queue = addresses.slice(0, MOST_ADDRESSES);
    let trying = 0;
    let over = false;
    let awaited = later;
    let failure: Error | undefined;
    let timer: NodeJS.Timeout | undefined;
    const tryNext = (): void => {
      clearTimeout(timer);
      if (over) return;
      const host = queue.shift();
      if (host === undefined) {
        if (trying > 0) return;
        // All that is left is the name server's other answer: not the endpoint's time.
        if (awaited !== undefined) return enter('dns');
        over = true;
        return reject(classify(failure, 'connect'));
      }
      const socket = connectTcp({ host, port, noDelay: true });
      open.add(socket);
      trying++;
      socket.once('connect', () => {
        clearTimeout(timer);
        over = true;
        for (const other of open) if (other !== socket) other.destroy();
        open.clear();
        open.add(socket);
        resolve(socket);
      });
      socket.on('error', (error) => {
        open.delete(socket);
        trying--;
        failure = error;
        tryNext();
      });
      if (queue.length > 0) timer = setTimeout(tryNext, NEXT_ADDRESS_MS);
    };
    later?.then(
      (more) => {
        awaited = undefined;
        if (over || isCancelled()) return;
        queue.push(...more.slice(0, MOST_ADDRESSES));
        // None under way: at once. Else when those that are have had their time.
        if (trying === 0) {
          enter('connect');
          return tryNext();
        }
        clearTimeout(timer);
        timer = setTimeout(tryNext, NEXT_ADDRESS_MS);
      },
      (error: unknown) => {
        awaited = undefined;
        if (over || isCancelled()) return;
        over = true;
        clearTimeout(timer);
        for (const socket of open) socket.destroy();
        reject(classify(error, 'connect'));
      },
    );
    tryNext();
  });
}

function secure(tcp: Socket, target: Destination, tools: DialTools, open: Set<Socket>): Promise<Socket> {
  const { secureContext, sessions } = tools;
  return new Promise((resolve, reject) => {
    const server = `${target.hostname}:${target.port}`;
    const session = sessions.get(server);
    const socket: TLSSocket = connectTls({
      socket: tcp,
      secureContext,
      host: target.hostname,
      // Server names are names (RFC 6066 §3): none is sent for an address, its certificate is checked all the same.
      ...(isIP(target.hostname) === 0 ? { servername: target.hostname } : {}),
      ...(session ? { session } : {}),
      ALPNProtocols: ['http/1.1'],
      checkServerIdentity: (host) => checkServerIdentity(host, namesOf(socket)),
      // Said outright, because NODE_TLS_REJECT_UNAUTHORIZED=0 changes the default.
      rejectUnauthorized: true,
    });
    // Node gathers the whole chain as objects to hand it to the check above, an eighth of a new connection's CPU.
    socket.getPeerCertificate = () => NOT_READ;
    open.add(socket);
    socket.on('session', (fresh) => sessions.set(server, fresh));
    let connected = false;
    socket.once('secureConnect', () => {
      connected = true;
      resolve(socket);
    });
    // Later ones are undici's business, and an error that nobody looks at costs 20 µs all the same. But for alerts: undici
    // sees the end of the connection first and forgets them.
    socket.on('error', (error) => {
      if (!connected) reject(classify(error, 'tls'));
      else if (isAlert(error)) alerts.set(socket, classify(error, 'tls'));
    });
  });
}

/** What the check of a server's name looks at, without a subject: no name in the certificate, no connection. */
function namesOf(socket: TLSSocket): PeerCertificate {
  // Node falls back to the subject's common name; RFC 9525 §6.3 forbids that, and public authorities no longer fill it.
  return { subject: {}, subjectaltname: socket.getPeerX509Certificate()?.subjectAltName } as PeerCertificate;
}
