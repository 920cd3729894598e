import type { Costs } from './costs.ts';

/** A connection that nothing used for so long has ended, milliseconds, and as many are kept (lambdas/sender/outgoing/). */
const IDLE_MS = 4000;
const MOST_IDLE = 128;
/** Of one sender to one endpoint (lambdas/sender/outgoing.ts). */
export const CONNECTIONS = 20;

/** A function's process with what it keeps: its connections, by server. */
export class Environment {
  readonly #kept = new Map<string, { count: number; atMs: number }>();

  /** Takes connections for requests to these servers. @returns how many of them are new. */
  connect(servers: readonly string[], nowMs: number): number {
    const wanted = new Map<string, number>();
    for (const server of servers) wanted.set(server, Math.min((wanted.get(server) ?? 0) + 1, CONNECTIONS));
    let opened = 0;
    for (const [server, count] of wanted) {
      const kept = this.#kept.get(server);
      const alive = kept && nowMs - kept.atMs < IDLE_MS ? kept.count : 0;
      opened += Math.max(count - alive, 0);
      this.#kept.delete(server);
      this.#kept.set(server, { count: Math.max(count, alive), atMs: nowMs });
    }
    return opened;
  }

  /** Requests to these servers have ended: their connections are kept from now on. */
  rest(servers: readonly string[], nowMs: number): void {
    for (const server of servers) {
      const kept = this.#kept.get(server);
      if (kept) kept.atMs = nowMs;
    }
    for (const server of this.#kept.keys()) {
      if (this.#kept.size <= MOST_IDLE) break;
      this.#kept.delete(server);
    }
  }
}

/** What a new environment takes, milliseconds of a whole processor: while it loads it has one, at its first batch only its share. */
export interface Beginning {
  loadMs: number;
  firstMs: number;
}

/** The environments of one function: the one that was used last takes the next batch; if all are busy, a new one begins. */
export class Environments {
  /** That were ever begun. */
  begun = 0;
  readonly #idle: Environment[] = [];
  readonly #costs: Costs;
  readonly #beginning: Beginning;
  readonly #memoryMb: number;

  constructor(costs: Costs, memoryMb: number, beginning: Beginning) {
    this.#costs = costs;
    this.#memoryMb = memoryMb;
    this.#beginning = beginning;
  }

  /** @returns one, and what it takes until it works on the batch, milliseconds. */
  take(): { environment: Environment; coldMs: number } {
    const idle = this.#idle.pop();
    if (idle) return { environment: idle, coldMs: 0 };
    this.begun += 1;
    const { loadMs, firstMs } = this.#beginning;
    const coldMs = this.#costs.coldStartMs() + loadMs + this.cpuMs(firstMs);
    return { environment: new Environment(), coldMs };
  }

  /** It has ended its batch. */
  give(environment: Environment): void {
    this.#idle.push(environment);
  }

  /** What so much of a whole processor takes here, milliseconds. */
  cpuMs(wholeMs: number): number {
    return this.#costs.onShare(wholeMs, this.#memoryMb);
  }
}
