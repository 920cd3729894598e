import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import {
  connect as connectTls,
  createSecureContext,
  TLSSocket,
  type ConnectionOptions,
  type SecureContext,
} from 'node:tls';
import { createAnswerReader, type AnswerReader, type ReadAnswer } from './answer-reader.ts';

/** An idle connection waits this long for the next call. */
const IDLE_MS = 60_000;
/**
 * After a rest of that length the peer may have closed the connection unseen: Lambda freezes a process between two invocations.
 * So it is looked at once more before something is written.
 */
const RESTED_MS = 1000;

/** What was answered; undefined: no whole answer, and it is not known whether the call happened. */
type Done = (answer: ReadAnswer | undefined) => void;

/** Told by a connection when it is free for the next call, or gone. */
export interface ConnectionOwner {
  free(connection: Connection): void;
  gone(connection: Connection): void;
}

/**
 * What is read, of all connections: each answer is looked at before the next bytes come. Node would allocate 64 KB for each read
 * and cut it to size, and hand it on through a stream: a third of what a call costs.
 */
const READ = Buffer.allocUnsafeSlow(65_536);

/** Opens a connection. @param take is told what came; the bytes are its own for as long as it runs. */
type Dial = (take: (bytes: Buffer) => void) => Socket;

/** Opens connections to one origin. TLS sessions are resumed: a new one costs a millisecond of a processor more. */
export function createDialler(origin: string): Dial {
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const readInto = (take: (bytes: Buffer) => void): OnReadOpts => ({
    buffer: READ,
    callback: (length) => {
      take(READ.subarray(0, length));
      return true;
    },
  });
  if (protocol === 'http:')
    return (take) => connectTcp({ host, port: Number(port || 80), noDelay: true, onread: readInto(take) });
  let secureContext: SecureContext | undefined;
  let session: Buffer | undefined;
  return (take) => {
    secureContext ??= createSecureContext();
    const socket = connectTls({
      host,
      port: Number(port || 443),
      // RFC 6066 §3: no address.
      ...(isIP(host) === 0 && { servername: host }),
      ALPNProtocols: ['http/1.1'],
      secureContext,
      session,
      onread: readInto(take),
    } as ConnectionOptions);
    socket.setNoDelay(true);
    socket.on('session', (fresh) => (session = fresh));
    // One that the peer did not like may be why.
    socket.once('error', () => (session = undefined));
    return socket;
  };
}

/** One connection, carrying one call at a time. */
export class Connection {
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #patienceMs: number;
  #reader: AnswerReader | undefined;
  #done: Done | undefined;
  /** Its next timeout is that of a connection that nobody needs. */
  #isResting = false;
  /** What waits until the service has shown who it is: nobody else gets a byte of a signed call. */
  #unsent: string | undefined;
  #isOpen: boolean;
  #isGone = false;
  #idleSinceMs = 0;

  /** @param patienceMs without a byte for this long a call has failed. */
  constructor(dial: Dial, owner: ConnectionOwner, patienceMs: number) {
    const socket = dial((bytes) => this.#take(bytes));
    this.#socket = socket;
    this.#owner = owner;
    this.#patienceMs = patienceMs;
    this.#isOpen = !(socket instanceof TLSSocket);
    socket.once('secureConnect', () => {
      this.#isOpen = true;
      if (this.#unsent !== undefined) socket.write(this.#unsent, 'utf8');
      this.#unsent = undefined;
    });
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
    // 'close' follows.
    socket.on('error', () => undefined);
    socket.on('timeout', () => this.#rest());
    socket.setTimeout(patienceMs);
  }

  /** Whether it may carry another call, as far as the clock tells. */
  get isFresh(): boolean {
    return !this.#isGone && Date.now() - this.#idleSinceMs < IDLE_MS;
  }

  /** Whether the peer may have closed it unseen. */
  get hasRested(): boolean {
    return Date.now() - this.#idleSinceMs >= RESTED_MS;
  }

  /** Sends a request and reads its answer. At most one at a time. */
  carry(request: string, done: Done): void {
    this.#done = done;
    if (this.#isGone) return this.#end();
    this.#reader = createAnswerReader();
    this.#socket.ref();
    if (this.#isResting) this.#socket.setTimeout(this.#patienceMs);
    this.#isResting = false;
    if (this.#isOpen) this.#socket.write(request, 'utf8');
    else this.#unsent = request;
  }

  /** Closes it, whatever it is doing. */
  destroy(): void {
    this.#end();
  }

  #take(bytes: Buffer): void {
    let answer: ReadAnswer | undefined;
    try {
      // Nobody waits for anything: it is broken.
      if (!this.#reader) return this.#end();
      answer = this.#reader.push(bytes);
    } catch {
      return this.#end();
    }
    if (!answer) return;
    const done = this.#done;
    this.#done = this.#reader = undefined;
    if (answer.isLast) this.#end();
    else {
      this.#idleSinceMs = Date.now();
      // An idle one keeps no process alive.
      this.#socket.unref();
      this.#owner.free(this);
    }
    done?.(answer);
  }

  /** Nothing has come or gone for the length of a call's patience; Node counts it anew from each byte, so that no call sets a timer. */
  #rest(): void {
    if (this.#done !== undefined || this.#isResting) return this.#end();
    this.#isResting = true;
    this.#socket.setTimeout(Math.max(IDLE_MS - this.#patienceMs, 1));
  }

  #end(): void {
    const done = this.#done;
    this.#done = this.#reader = undefined;
    if (!this.#isGone) {
      this.#isGone = true;
      this.#socket.destroy();
      this.#owner.gone(this);
    }
    done?.(undefined);
  }
}
