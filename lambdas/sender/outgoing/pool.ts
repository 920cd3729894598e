import type { DialTools } from './dial.ts';
import type { Exchange } from './exchange.ts';
import { OutgoingError } from './failure.ts';
import { Line, type LineOwner } from './connection.ts';

/** Gives each exchange a connection. */
export interface Pool {
  place(exchange: Exchange): void;
  /** An exchange ended before it had a connection. */
  forget(exchange: Exchange): void;
  close(): void;
}

// A function's process may have 1,024 files open; a batch needs up to 100 connections at once.
const MOST_IDLE = 128;

/** The connections to one origin. */
interface Origin {
  open: Set<Line>;
  waiting: Exchange[];
}

/**
 * Keeps connections by origin: reuses the one used last, opens another up to `maxPerOrigin`, lets the rest wait. Idle
 * connections end by themselves after seconds, the oldest at once when there are more than {@link MOST_IDLE}; an origin
 * without connections is forgotten. So memory and files follow what is under way, not how many endpoints there are.
 */
export function createPool(tools: DialTools, maxPerOrigin: number, now: () => number): Pool {
  const origins = new Map<string, Origin>();
  /** In the order in which they became idle. */
  const idle = new Set<Line>();
  let closed = false;

  const owner: LineOwner = {
    free(line) {
      if (!line.isFresh()) return line.destroy();
      const next = origins.get(line.origin)?.waiting.shift();
      if (next) return line.carry(next);
      idle.add(line);
      if (idle.size > MOST_IDLE) idle.values().next().value!.destroy();
    },
    gone(line) {
      idle.delete(line);
      const origin = origins.get(line.origin);
      origin?.open.delete(line);
      const next = origin?.waiting.shift();
      if (next) place(next);
      else if (origin?.open.size === 0) origins.delete(line.origin);
    },
    moveOn: (exchange) => place(exchange),
  };

  function place(exchange: Exchange): void {
    if (closed) return exchange.fail(new OutgoingError('connection_lost', 'the sender is closing its connections'));
    const key = exchange.target.origin;
    const line = takeIdle(origins.get(key));
    if (line) return line.carry(exchange);
    let origin = origins.get(key);
    if (!origin) origins.set(key, (origin = { open: new Set(), waiting: [] }));
    if (origin.open.size >= maxPerOrigin) {
      origin.waiting.push(exchange);
      return;
    }
    const fresh = new Line(exchange.target, tools, now, owner);
    origin.open.add(fresh);
    fresh.carry(exchange);
  }

  function takeIdle(origin: Origin | undefined): Line | undefined {
    for (const line of [...(origin?.open ?? [])].reverse()) {
      if (!idle.has(line)) continue;
      idle.delete(line);
      if (line.isFresh()) return line;
      line.destroy();
    }
    return undefined;
  }

  return {
    place,
    forget(exchange) {
      const waiting = origins.get(exchange.target.origin)?.waiting;
      const at = waiting?.indexOf(exchange) ?? -1;
      if (at >= 0) waiting!.splice(at, 1);
    },
    close() {
      closed = true;
      for (const { open } of origins.values()) for (const line of open) line.destroy();
    },
  };
}
