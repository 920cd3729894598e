import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBrotliCompress, createDeflate, createGzip, constants } from 'node:zlib';
import type { Step } from './behaviours.ts';

/** Values that the corpus leaves to the test. */
export interface Placeholders {
  deadlineMs: number;
  /** Replaced inside `{send}` texts: `{NAME}` by its value. */
  texts: Record<string, string>;
}

/** What a server did and saw on one connection. */
export interface Conversation {
  /** All bytes of requests that it took off the socket, latin1. */
  received: string;
  /** Waiting for the client, or at the end of its steps: nothing more comes from the server by itself. */
  waiting: boolean;
  closed: boolean;
  /** Takes nothing off the socket any more, so that it never learns of a close. */
  deaf: boolean;
  /** Heads of requests among what was received. */
  requests(): number;
}

class PeerClosed extends Error {}

/**
 * Plays steps on a connection until they end or the peer closes. Never rejects.
 * @param raw the TCP socket below, when there is TLS.
 */
export function converse(socket: Socket, steps: Step[], placeholders: Placeholders, raw = socket): Conversation {
  const player = new Player(socket, raw, placeholders);
  player.play(steps).catch((error: unknown) => {
    if (!(error instanceof PeerClosed)) throw error;
  });
  return player;
}

class Player implements Conversation {
  received = '';
  waiting = false;
  closed = false;
  deaf = false;
  #unread = '';
  #answered = 0;
  readonly #socket: Socket;
  readonly #raw: Socket;
  readonly #placeholders: Placeholders;

  constructor(socket: Socket, raw: Socket, placeholders: Placeholders) {
    this.#socket = socket;
    this.#raw = raw;
    this.#placeholders = placeholders;
    socket.on('error', () => (this.closed = true));
    socket.on('close', () => (this.closed = true));
    socket.on('end', () => (this.closed = true));
  }

  requests(): number {
    return this.received.match(/POST \S+ HTTP\/1\.1\r\n/g)?.length ?? 0;
  }

  async play(steps: Step[]): Promise<void> {
    for (const step of steps) await this.#step(step);
    await this.#silence();
  }

  async #step(step: Step): Promise<void> {
    if ('loop' in step) for (;;) for (const inner of step.loop) await this.#step(inner);
    else if ('read' in step) await this.#read(step.read, step.every_ms);
    else if ('send' in step) await this.#write(this.#fill(step.send));
    else if ('repeat' in step) await this.#repeat(step);
    else if ('drip' in step) for (const byte of step.drip) await this.#write(byte, step.every_ms);
    else if ('send_encoded' in step) await this.#sendEncoded(step.send_encoded);
    else if ('pause_ms' in step) await this.#pause(milliseconds(step.pause_ms, this.#placeholders.deadlineMs));
    else if ('hang' in step) await this.#silence();
    else if (step.close === 'fin') this.#socket.end();
    else this.#raw.resetAndDestroy();
  }

  async #read(what: 'head' | 'request' | 'some' | 'slow', everyMs = 0): Promise<void> {
    if (what === 'slow') {
      this.deaf = true;
      for (;;) {
        this.#socket.read(1);
        await this.#pause(everyMs);
      }
    }
    if (what === 'head') this.deaf = true;
    for (;;) {
      const taken = wholeLength(this.#unread, what);
      if (taken !== undefined) {
        this.#unread = this.#unread.slice(taken);
        this.#answered++;
        return;
      }
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const chunk = this.#socket.read() as Buffer | null;
    if (chunk !== null) {
      this.received += chunk.toString('latin1');
      this.#unread += chunk.toString('latin1');
      return;
    }
    if (this.closed || this.#socket.destroyed) throw new PeerClosed();
    // Half a request is not waiting: its other half is on the way, and then the server goes on.
    this.waiting = this.#unread === '';
    await this.#first('readable', 'close', 'end');
    this.waiting = false;
  }

  /** Open and silent until the peer closes; what comes is taken off the socket, unless not reading is the point. */
  async #silence(): Promise<void> {
    if (!this.deaf) for (;;) await this.#more();
    this.waiting = true;
    await once(this.#socket, 'close').catch(() => {});
  }

  async #write(bytes: string | Buffer, everyMs = 0): Promise<void> {
    if (this.closed || this.#socket.destroyed || !this.#socket.writable) throw new PeerClosed();
    const ready = this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    if (everyMs > 0) await this.#pause(everyMs);
    else if (!ready) await this.#drained();
  }

  async #drained(): Promise<void> {
    await this.#first('drain', 'close');
    if (this.#socket.destroyed) throw new PeerClosed();
  }

  /** Waits for the first of some events, or an error, and takes the listeners for the others back. */
  async #first(...events: string[]): Promise<void> {
    const heard = new AbortController();
    const waits = events.map((event) => once(this.#socket, event, { signal: heard.signal }));
    await Promise.race(waits).catch(() => {});
    heard.abort();
    await Promise.allSettled(waits);
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { ref: false });
    if (this.#socket.destroyed) throw new PeerClosed();
  }

  async #repeat({
    repeat,
    times,
    every_ms = 0,
  }: {
    repeat: string;
    times: number | 'until_closed';
    every_ms?: number;
  }) {
    const numbered = repeat.includes('{n}');
    // Fast ones are gathered into writes of about 64 KB: the point is the volume, not the packets.
    const together = every_ms > 0 ? 1 : Math.max(1, Math.floor(65_536 / repeat.length));
    const block = numbered ? '' : repeat.repeat(together);
    const last = times === 'until_closed' ? Infinity : times;
    for (let n = 0; n < last; n += together) {
      const count = Math.min(together, last - n);
      const text = numbered
        ? Array.from({ length: count }, (_, i) => repeat.replaceAll('{n}', String(n + i + 1))).join('')
        : count === together
          ? block
          : repeat.repeat(count);
      await this.#write(text, every_ms);
    }
  }

  async #sendEncoded({ codings, zeros, head }: { codings: string[]; zeros: number; head: string }): Promise<void> {
    const body = await encodedZeros(codings, zeros);
    await this.#write(head.replace('{N}', String(body.length)));
    await this.#write(body);
  }

  #fill(text: string): string {
    return text
      .replaceAll('{n}', String(this.#answered))
      .replace(/\{([A-Z_]+)\}/g, (whole, name: string) => this.#placeholders.texts[name] ?? whole);
  }
}

/** A number of the corpus, or `DEADLINE+<n>`. */
export function milliseconds(value: number | string, deadlineMs: number): number {
  return typeof value === 'number' ? value : deadlineMs + Number(/^DEADLINE\+(\d+)$/.exec(value)![1]);
}

/** How much of `unread` makes up what is to be read; undefined while it is not complete. */
function wholeLength(unread: string, what: 'head' | 'request' | 'some' | 'slow'): number | undefined {
  if (what === 'some') return unread.length > 0 ? unread.length : undefined;
  const end = unread.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length =
    what === 'head' ? 0 : Number(/\r\ncontent-length: (\d+)\r\n/i.exec(unread.slice(0, end + 2))?.[1] ?? 0);
  const whole = end + 4 + length;
  return unread.length >= whole ? whole : undefined;
}

const encoded = new Map<string, Promise<Buffer>>();

/** Zero bytes through all the codings, made once for each combination and never held uncompressed. */
function encodedZeros(codings: string[], zeros: number): Promise<Buffer> {
  const key = `${codings.join()} ${zeros}`;
  let made = encoded.get(key);
  if (!made) encoded.set(key, (made = encodeZeros(codings, zeros)));
  return made;
}

async function encodeZeros(codings: string[], zeros: number): Promise<Buffer> {
  const coders = codings.map((coding) =>
    coding === 'br'
      ? createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
      : coding === 'gzip'
        ? createGzip({ level: 1 })
        : createDeflate({ level: 1 }),
  );
  coders.reduce((from, to) => from.pipe(to));
  const chunks: Buffer[] = [];
  const done = (async () => {
    for await (const chunk of coders.at(-1)!) chunks.push(chunk as Buffer);
  })();
  const block = Buffer.alloc(1 << 20);
  for (let left = zeros; left > 0; left -= block.length) {
    if (!coders[0]!.write(left < block.length ? block.subarray(0, left) : block)) await once(coders[0]!, 'drain');
  }
  coders[0]!.end();
  await done;
  return Buffer.concat(chunks);
}
