import { healthChange, mustOpen, observe, SLOW_MS } from '../domain/endpoint/circuit.ts';
import type { Observed } from '../domain/endpoint/circuit.ts';
import type { EndpointHealth } from '../domain/endpoint/health.ts';
import { targetName } from '../stores/delivery-targets.ts';
import type { Target, TargetKey } from '../stores/delivery-targets.ts';
import type { Delivery } from './delivery.ts';
import type { SenderDeps } from './ports.ts';
import { observationOf } from './send.ts';
import type { Result } from './send.ts';

interface Endpoint {
  key: TargetKey;
  before: EndpointHealth | undefined;
  observed: Observed;
}

/** What a batch learns about its endpoints: gathered as requests end, written once for each endpoint. */
export interface EndpointWatch {
  /**
   * Requests are made from now on. Endpoints that leave one open for {@link SLOW_MS} are remembered as slow at once, not
   * only when the batch ends, which a hanging one delays by up to 30 s: meanwhile every other sender would run into it.
   */
  await(requests: readonly { delivery: Delivery; target: Target }[]): void;
  see(result: Result): void;
  /** Never rejects: a write that fails changes nothing for the deliveries. */
  write(): Promise<void>;
}

type WatchDeps = Pick<
  SenderDeps,
  'health' | 'settings' | 'log' | 'meter' | 'errorFields' | 'now' | 'after' | 'release'
>;

export function watchEndpoints(deps: WatchDeps): EndpointWatch {
  const endpoints = new Map<string, Endpoint>();
  const open = new Map<Delivery, Target>();
  let stopWaiting = (): void => {};
  let marked: Promise<unknown> = Promise.resolve();
  return {
    await(requests) {
      if (requests.length === 0) return;
      for (const { delivery, target } of requests) open.set(delivery, target);
      // One timer for the batch: one for each request would cost as much as the request.
      stopWaiting = deps.after(SLOW_MS, () => {
        const slow = new Map([...open].map(([{ key }, target]) => [targetName(key), { key, before: target.health }]));
        marked = Promise.all([...slow.values()].map((endpoint) => markSlow(endpoint, deps)));
      });
    },
    see(result) {
      open.delete(result.delivery);
      const observation = observationOf(result);
      if (!observation) return;
      const name = targetName(result.delivery.key);
      const known = endpoints.get(name);
      endpoints.set(name, {
        key: result.delivery.key,
        before: result.target?.health,
        observed: observe(known?.observed, observation),
      });
    },
    async write() {
      stopWaiting();
      await marked;
      await Promise.all([...endpoints.values()].map((endpoint) => writeOne(endpoint, deps)));
    },
  };
}

/** Says nothing about success or failure: those are counted when the request has ended. */
async function markSlow({ key, before }: Omit<Endpoint, 'observed'>, deps: WatchDeps): Promise<void> {
  const nowMs = deps.now();
  const change = healthChange(before, { succeeded: false, failures: 0, pace: 'slow' }, nowMs);
  if (!change) return;
  try {
    await deps.health.apply(key, change, nowMs);
  } catch (error) {
    deps.log.warn('slow endpoint not remembered yet', { ...key, ...deps.errorFields(error) });
  }
}

async function writeOne({ key, before, observed }: Endpoint, deps: WatchDeps): Promise<void> {
  const { health, settings, log, meter } = deps;
  const nowMs = deps.now();
  const change = healthChange(before, observed, nowMs);
  if (!change) return;
  try {
    const after = await health.apply(key, change, nowMs);
    if (change.circuit) {
      log.info('endpoint answers again: what was held goes out', { ...key });
      await deps.release(key, nowMs);
    }
    if (!after || !mustOpen(after, settings.circuit, nowMs)) return;
    if (!(await health.open(key, settings.circuit.failures, nowMs))) return;
    meter.count('CircuitsOpened', 1);
    log.warn('endpoint is down: its deliveries are held from now on', { ...key, failures: after.failures });
  } catch (error) {
    log.warn('endpoint health not written', { ...key, ...deps.errorFields(error) });
  }
}
