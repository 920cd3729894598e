import { healthChange, mustOpen, observe } from '../domain/circuit.ts';
import type { Observed } from '../domain/circuit.ts';
import type { EndpointHealth } from '../domain/endpoint-health.ts';
import { targetName } from '../stores/targets.ts';
import type { TargetKey } from '../stores/targets.ts';
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
  see(result: Result): void;
  /** Never rejects: a write that fails changes nothing for the deliveries. */
  write(): Promise<void>;
}

type WatchDeps = Pick<SenderDeps, 'health' | 'settings' | 'log' | 'meter' | 'errorFields' | 'now' | 'release'>;

export function watchEndpoints(deps: WatchDeps): EndpointWatch {
  const endpoints = new Map<string, Endpoint>();
  return {
    see(result) {
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
      await Promise.all([...endpoints.values()].map((endpoint) => writeOne(endpoint, deps)));
    },
  };
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
