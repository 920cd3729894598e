/** A group is noisy with more than a tenth of all messages in flight and at least 30 of its own (SQS developer guide, "How Amazon SQS fair queues work"). */
const NOISY_SHARE = 0.1;
const NOISY_MESSAGES = 30;

interface InFlight {
  total: number;
  groups: Map<string, number>;
  /** Groups with at least NOISY_MESSAGES in flight: the only ones that can be noisy. */
  busy: Set<string>;
}

/** Everything ready before `from` belongs to one of `noisy`: where a scan for quiet groups may start. */
interface Hint {
  noisy: ReadonlySet<string>;
  from: number;
}

/**
 * Who has how much in flight, per queue and message group, and from that which groups are noisy. It lives in memory
 * and is rebuilt from the database when the server starts, so that no receive has to count.
 */
export class FairOrder {
  readonly #inFlight = new Map<number, InFlight>();
  readonly #hints = new Map<number, Hint>();

  clear(): void {
    this.#inFlight.clear();
    this.#hints.clear();
  }

  /** `count` messages of a group are in flight from now on; negative when they no longer are. */
  count(queueId: number, group: string | null, count: number): void {
    let queue = this.#inFlight.get(queueId);
    if (queue === undefined) this.#inFlight.set(queueId, (queue = { total: 0, groups: new Map(), busy: new Set() }));
    queue.total += count;
    if (group === null) return;
    const inFlight = (queue.groups.get(group) ?? 0) + count;
    if (inFlight === 0) queue.groups.delete(group);
    else queue.groups.set(group, inFlight);
    if (inFlight >= NOISY_MESSAGES) queue.busy.add(group);
    else queue.busy.delete(group);
  }

  inFlight(queueId: number): number {
    return this.#inFlight.get(queueId)?.total ?? 0;
  }

  groupsInFlight(queueId: number): ReadonlyMap<string, number> {
    return this.#inFlight.get(queueId)?.groups ?? new Map<string, number>();
  }

  noisyGroups(queueId: number): ReadonlySet<string> {
    const noisy = new Set<string>();
    const queue = this.#inFlight.get(queueId);
    for (const group of queue?.busy ?? []) {
      if ((queue?.groups.get(group) ?? 0) > (queue?.total ?? 0) * NOISY_SHARE) noisy.add(group);
    }
    return noisy;
  }

  /**
   * Where to start looking for messages of groups other than `noisy`. Without it each receive would walk through the
   * whole backlog of the noisy group: 100,000 rows instead of 10.
   */
  quietFrom(queueId: number, noisy: ReadonlySet<string>): number {
    const hint = this.#hints.get(queueId);
    return hint !== undefined && hint.noisy.isSubsetOf(noisy) ? hint.from : 0;
  }

  /** A scan found that nothing ready before `from` is of another group than `noisy`. */
  scanned(queueId: number, noisy: ReadonlySet<string>, from: number): void {
    this.#hints.set(queueId, { noisy, from });
  }

  /** A message that was there before can be received again: what was scanned may no longer hold. */
  becameReady(queueId: number, seq: number, group: string | null): void {
    const hint = this.#hints.get(queueId);
    if (hint !== undefined && seq < hint.from && (group === null || !hint.noisy.has(group))) hint.from = seq;
  }
}
