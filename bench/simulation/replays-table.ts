import type { Replay } from '../../lambdas/domain/delivery/replay.ts';
import type { ReconcilerPass, ReconcilerStore } from '../../lambdas/stores/reconciler.ts';
import type { ReplayStore } from '../../lambdas/stores/replays.ts';
import type { Container } from './container.ts';

/** The table `Replays`: replay jobs, and where the reconciler stands. */
export class ReplaysTable {
  readonly rows = new Map<string, Replay>();
  /** Deliveries that were named one by one, by replay. */
  readonly chosen = new Map<string, string[]>();
  passes: ReconcilerPass[] = [];
  /** When the reconciler found that it had no place yet, and was not kept from noting one. Milliseconds. */
  begunMs?: number;
  #foundMs: number | undefined;

  store(container: Container): Pick<ReplayStore, 'create' | 'get' | 'advance' | 'end' | 'count' | 'chosen'> {
    const running = (id: string): Replay | undefined => {
      const row = this.rows.get(id);
      return row?.state === 'running' ? row : undefined;
    };
    return {
      create: (replay) =>
        container.call(() => {
          if (this.rows.has(replay.id)) return false;
          this.rows.set(replay.id, { ...replay });
          return true;
        }),
      get: (id) =>
        container.call(() => {
          const row = this.rows.get(id);
          return row && { ...row };
        }),
      advance: (id, { step, nowMs, queued, cursor }) =>
        container.call(() => {
          const row = running(id);
          if (!row || row.step >= step) return false;
          Object.assign(row, { step, stepped_ms: nowMs, queued: row.queued + queued });
          Object.assign(row, cursor === undefined ? { listed: true } : { cursor });
          return true;
        }),
      chosen: (id) => container.call(() => [...(this.chosen.get(id) ?? [])]),
      end: (id, state) =>
        container.call(() => {
          const row = running(id);
          return row && { ...Object.assign(row, { state }) };
        }),
      count: (id, { done, failed }) =>
        container.call(() => {
          const row = this.rows.get(id);
          if (row) Object.assign(row, { done: row.done + done, failed: row.failed + failed });
        }),
    };
  }

  /** @param now milliseconds since the epoch. */
  reconciler(container: Container, now: () => number): ReconcilerStore {
    return {
      load: async () => {
        const passes = await container.call(() => copies(this.passes));
        if (passes.length === 0) this.#foundMs ??= now();
        return passes;
      },
      save: (passes) => {
        const foundMs = this.#foundMs;
        // Should this note fail, the next run has nothing to go by either, and finds it out anew.
        this.#foundMs = undefined;
        return container.call(() => {
          this.passes = copies(passes);
          if (foundMs !== undefined) this.begunMs ??= foundMs;
        });
      },
    };
  }
}

function copies(passes: readonly ReconcilerPass[]): ReconcilerPass[] {
  return passes.map((pass) => ({ ...pass }));
}
