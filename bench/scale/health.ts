import { isSlow, type HealthChange } from '../../lambdas/domain/endpoint/circuit.ts';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';

/** Fan-out reads anew who is slow when what it knows is older (lambdas/stores/dynamodb/endpoint-health/lanes.ts). */
const LANES_MS = 5000;

/** The table `EndpointHealth`: what the stores write, without their network. */
export class ModelHealth {
  readonly rows = new Map<string, EndpointHealth>();
  #slow = new Set<string>();
  #readMs = -Infinity;

  get(subscription: string): EndpointHealth | undefined {
    return this.rows.get(subscription);
  }

  /** As lambdas/stores/dynamodb/endpoint-health/health.ts does it. @returns the row afterwards; undefined: none is left. */
  apply(subscription: string, change: HealthChange, nowMs: number): EndpointHealth | undefined {
    const before = this.rows.get(subscription);
    const after: EndpointHealth = { ...(before ?? { subscription, organization: '', failures: 0 }) };
    after.failures = change.reset ? change.add : after.failures + change.add;
    if (change.add > 0 && (change.reset || after.failing_since_ms === undefined)) after.failing_since_ms = nowMs;
    if (change.add === 0 && change.reset) delete after.failing_since_ms;
    if (change.slow_until_ms === null) delete after.slow_until_ms;
    else if (change.slow_until_ms !== undefined) after.slow_until_ms = change.slow_until_ms;
    if (change.circuit) after.circuit = change.circuit;
    const empty = after.failures === 0 && after.circuit === undefined && after.slow_until_ms === undefined;
    if (empty) this.rows.delete(subscription);
    else this.rows.set(subscription, after);
    return empty ? undefined : after;
  }

  setCircuit(subscription: string, circuit: EndpointHealth['circuit']): void {
    const row = this.rows.get(subscription);
    if (!row) return;
    const { circuit: _, ...rest } = row;
    this.rows.set(subscription, circuit ? { ...rest, circuit } : rest);
  }

  /** Who fan-out takes for slow: as old as its list. */
  isSlowToFanOut(subscription: string, nowMs: number): boolean {
    if (nowMs - this.#readMs >= LANES_MS) {
      this.#readMs = nowMs;
      this.#slow = new Set([...this.rows.values()].filter((row) => isSlow(row, nowMs)).map((row) => row.subscription));
    }
    return this.#slow.has(subscription);
  }
}
