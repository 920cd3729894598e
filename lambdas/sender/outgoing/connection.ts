import type { Socket } from 'node:net';
import { Client } from './undici.ts';
import type { Carrier, Exchange } from './exchange.ts';
import { alertOf, dial, type Dial, type DialTools } from './dial.ts';
import { classify, OutgoingError } from './failure.ts';
import { guardResponses, HEAD_LIMIT, type ResponseGate } from './response-gate.ts';
import type { Destination } from './destination.ts';

/** How long a connection waits for its next request, milliseconds. Common servers close theirs after 5 s or more. */
export const IDLE_MS = 4000;
/** Longest life of a connection, milliseconds: a name that moved is followed within a minute, however busy. */
export const LIFE_MS = 60_000;
// A larger request ends its connection: whether the peer has read all of it cannot be seen, the kernel takes that much.
const REUSABLE_BODY = 65_536;
// One for all: undici wants an error for each end of a connection, and Node formats the stack of each.
const ENDED = new OutgoingError('connection_lost', 'the sender closed the connection');

/** Told by a line when it is free for the next request, or gone. */
export interface LineOwner {
  free(line: Line): void;
  gone(line: Line): void;
  /** The exchange could not be written and needs another line. */
  moveOn(exchange: Exchange): void;
}

/** One connection to one origin, made when its first exchange needs it, carrying one exchange at a time. */
export class Line implements Carrier {
  readonly origin: string;
  gate: ResponseGate | undefined;
  readonly #client: Client;
  readonly #tools: DialTools;
  readonly #owner: LineOwner;
  readonly #now: () => number;
  #exchange: Exchange | undefined;
  #socket: Socket | undefined;
  #dial: Dial | undefined;
  #gone = false;
  #connectedAt = 0;
  #idleSince = 0;
  #idleSinceWall = 0;

  constructor(target: Destination, tools: DialTools, now: () => number, owner: LineOwner) {
    this.origin = target.origin;
    this.#tools = tools;
    this.#now = now;
    this.#owner = owner;
    this.#client = new Client(target.origin, {
      connect: (_options, callback) => this.#connect(target, callback),
      maxHeaderSize: HEAD_LIMIT,
      // The exchange's own deadline ends everything; undici's timers would cost as much as the request.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      pipelining: 1,
      allowH2: false,
      // Said outright, because an environment variable turns undici's experimental parser on.
      useMilo: false,
    });
    this.#client.on('disconnect', () => {
      if (this.#exchange === undefined) this.destroy();
    });
  }

  get alert(): OutgoingError | undefined {
    return this.#socket && alertOf(this.#socket);
  }

  /** Sends an exchange. At most one at a time. */
  carry(exchange: Exchange): void {
    this.#exchange = exchange;
    exchange.carrier = this;
    const { body, headers } = exchange.request;
    this.#client.dispatch(
      { path: exchange.target.path, method: 'POST', headers, body, reset: body.length > REUSABLE_BODY },
      exchange,
    );
  }

  ended(reusable: boolean, last: boolean): void {
    const large = (this.#exchange?.request.body.length ?? 0) > REUSABLE_BODY;
    this.#exchange = undefined;
    this.#idleSince = this.#now();
    this.#idleSinceWall = Date.now();
    const socket = this.#socket;
    // The socket alone may go at once; undici would do the same a moment later, with an error made for the occasion.
    if (last) socket?.destroy(ENDED);
    // Not at once: undici's parser, which has just called, would trip over its own socket's end (1 ms for the assertion).
    if (!reusable || last || large || socket === undefined) return void setImmediate(() => this.destroy());
    if (socket.writableLength === 0) return this.#owner.free(this);
    // TLS tells of a written request one turn of the event loop later, and the answer of a near endpoint is faster than
    // that. Bytes that are still unsent then, though the answer is complete: the peer does not read.
    setImmediate(() => (socket.writableLength === 0 ? this.#owner.free(this) : this.destroy()));
  }

  unsent(): void {
    const exchange = this.#exchange!;
    this.#exchange = undefined;
    this.destroy();
    this.#owner.moveOn(exchange);
  }

  /**
   * Whether a waiting connection may carry another request. Lambda freezes a process between two invocations: its
   * timers stand still while the peer closes. So the clocks decide, both of them, because not every machine's monotonic
   * clock runs on while it is suspended. A shorter sleep is caught by undici, which reads an idle socket once more
   * before it writes.
   */
  isFresh(): boolean {
    const now = this.#now();
    const idle = Math.max(now - this.#idleSince, Date.now() - this.#idleSinceWall);
    return !this.#gone && idle < IDLE_MS && now - this.#connectedAt < LIFE_MS;
  }

  /** Closes the connection, whatever it is doing; an exchange under way is told by undici. */
  destroy(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#dial?.cancel();
    this.#client.destroy(ENDED, () => {});
    this.#owner.gone(this);
  }

  #connect(target: Destination, callback: (...args: [null, Socket] | [Error, null]) => void): void {
    this.#dial = dial(target, this.#tools, (phase) => this.#exchange?.enter(phase));
    this.#dial.socket.then(
      (socket) => {
        this.#socket = socket;
        this.#connectedAt = this.#now();
        this.gate = guardResponses(socket);
        callback(null, socket);
      },
      (error: unknown) => callback(classify(error, 'connect'), null),
    );
  }
}
