import { healthChange, mayThrottle, shouldOpen, observe, SLOW_MS } from '../domain/endpoint/circuit.ts';
import type { Observed } from '../domain/endpoint/circuit.ts';
import type { EndpointHealth } from '../domain/endpoint/health.ts';
import { idsOf } from '../domain/telemetry.ts';
import { targetName } from '../stores/delivery-targets.ts';
import type { DeliveryTarget, TargetKey } from '../stores/delivery-targets.ts';
import type { ReceivedDelivery } from './delivery.ts';
import type { SenderDeps } from './ports.ts';
import { observationOf } from './send.ts';
import type { Result } from './send.ts';

interface Endpoint {
  key: TargetKey;
  before: EndpointHealth | undefined;
  observed: Observed;
}

/** A request under way. */
interface OpenRequest {
  target: DeliveryTarget;
  /** Of its time, what went into waiting for a name server, or for its turn, and was not taken into account yet. */
  namesMs: number;
  /** It is waiting for one since then. */
  namesSinceMs?: number | undefined;
}

/** An endpoint is looked at again for nothing less that was not its time, milliseconds. */
const LOOK_AGAIN_MS = 20;

/** A wait that is longer by less is no news. Milliseconds. */
const NOTICEABLE_MS = 1000;

/** What a batch learns about its endpoints: gathered as requests end, written once for each endpoint. */
export interface EndpointWatch {
  /**
   * Requests are made from now on. Endpoints that leave one open for {@link SLOW_MS} are remembered as slow at once, not
   * only when the batch ends, which a hanging one delays by up to 30 s: meanwhile every other sender would run into it.
   */
  expect(requests: readonly { delivery: ReceivedDelivery; target: DeliveryTarget }[]): void;
  /** A request begins (true) or ends (false) to wait for a name server, or for its turn: not its endpoint's time. */
  names(delivery: ReceivedDelivery, waiting: boolean): void;
  see(result: Result): void;
  /** Never rejects: a write that fails changes nothing for the deliveries. */
  write(): Promise<void>;
}

type WatchDeps = Pick<
  SenderDeps,
  'customers' | 'health' | 'settings' | 'logger' | 'metrics' | 'errorFields' | 'now' | 'after' | 'release' | 'look'
>;

export function watchEndpoints(deps: WatchDeps): EndpointWatch {
  const endpoints = new Map<string, Endpoint>();
  const open = new Map<ReceivedDelivery, OpenRequest>();
  const timers = new Set<() => void>();
  const marks: Promise<void>[] = [];
  /** Marks the endpoints of those that are still open then, and looks again later where names took some of the time. */
  const lookAfter = (ms: number, deliveries: readonly ReceivedDelivery[]): void => {
    const lagMs = deps.customers.ownLagMs();
    const stop = deps.after(ms, () => {
      timers.delete(stop);
      const lateMs = deps.customers.ownLagMs() - lagMs;
      // Answers may lie here unread.
      const ownMs = lateMs >= LOOK_AGAIN_MS ? lateMs : 0;
      const again: ReceivedDelivery[] = [];
      const slow = new Map<string, OpenRequest & Pick<ReceivedDelivery, 'key'>>();
      for (const delivery of deliveries) {
        const request = open.get(delivery);
        if (request === undefined) continue;
        const moreMs = takeNames(request, deps.now());
        if (moreMs > 0) lookAfter(moreMs + ownMs, [delivery]);
        else if (ownMs > 0) again.push(delivery);
        else slow.set(targetName(delivery.key), { ...request, key: delivery.key });
      }
      if (again.length > 0) lookAfter(ownMs, again);
      for (const { key, target } of slow.values()) marks.push(markSlow({ key, before: target.health }, deps));
    });
    timers.add(stop);
  };
  const throttled: Promise<void>[] = [];
  return {
    expect(requests) {
      if (requests.length === 0) return;
      for (const { delivery, target } of requests) open.set(delivery, { target, namesMs: 0 });
      // One timer for the batch: one for each request would cost as much as the request.
      lookAfter(SLOW_MS, [...open.keys()]);
    },
    names(delivery, waiting) {
      const request = open.get(delivery);
      if (request === undefined) return;
      if (waiting) request.namesSinceMs = deps.now();
      else {
        request.namesMs += deps.now() - (request.namesSinceMs ?? deps.now());
        request.namesSinceMs = undefined;
      }
    },
    see(result) {
      open.delete(result.delivery);
      const observation = observationOf(result);
      if (!observation) return;
      const name = targetName(result.delivery.key);
      const known = endpoints.get(name)?.observed;
      const endpoint = {
        key: result.delivery.key,
        before: result.target?.health,
        observed: observe(known, observation),
      };
      endpoints.set(name, endpoint);
      const { askedUntilMs } = endpoint.observed;
      // At once: until others know, they run into it, and a neighbour that hangs may keep this batch for 30 s.
      if (askedUntilMs !== undefined && askedUntilMs - (known?.askedUntilMs ?? -Infinity) > NOTICEABLE_MS) {
        throttled.push(throttle(endpoint, askedUntilMs, deps));
      }
    },
    async write() {
      for (const stop of timers) stop();
      await Promise.all(marks);
      await Promise.all(throttled);
      await Promise.all([...endpoints.values()].map((endpoint) => writeOne(endpoint, deps)));
    },
  };
}

/** How much longer an endpoint may take because names were waited for, milliseconds; asked again, only what came since. */
function takeNames(request: OpenRequest, nowMs: number): number {
  const waiting = request.namesSinceMs !== undefined;
  const ms = request.namesMs + nowMs - (request.namesSinceMs ?? nowMs);
  request.namesMs = 0;
  if (waiting) request.namesSinceMs = nowMs;
  return waiting ? Math.max(ms, 1) : ms;
}

/** It asks to be left alone: from now on its deliveries are held, and recovery lets them go when that time is over. */
async function throttle({ key, before }: Endpoint, untilMs: number, deps: WatchDeps): Promise<void> {
  const nowMs = deps.now();
  // Not when the time is over already: a retry comes later than that.
  if (untilMs <= nowMs || !mayThrottle(before, nowMs)) return;
  try {
    const was = await deps.health.throttle(key, untilMs, nowMs);
    if (was === undefined || was === 'throttled') return;
    deps.metrics.count('EndpointsThrottled', 1);
    deps.logger.info('endpoint asks to wait: its deliveries are held', { ...idsOf(key), until_ms: untilMs });
    await deps.look(key, Math.ceil((untilMs - nowMs) / 1000));
  } catch (error) {
    deps.logger.warn('throttled endpoint not recorded', { ...idsOf(key), ...deps.errorFields(error) });
  }
}

/** Says nothing about success or failure: those are counted when the request has ended. */
async function markSlow({ key, before }: Omit<Endpoint, 'observed'>, deps: WatchDeps): Promise<void> {
  const nowMs = deps.now();
  const change = healthChange(before, { succeeded: false, failures: 0, pace: 'slow', tries: 0, failed: 0 }, nowMs);
  if (!change) return;
  try {
    await deps.health.apply(key, change, nowMs);
  } catch (error) {
    deps.logger.warn('slow endpoint not recorded yet', { ...idsOf(key), ...deps.errorFields(error) });
  }
}

async function writeOne({ key, before, observed }: Endpoint, deps: WatchDeps): Promise<void> {
  const { health, settings, logger, metrics } = deps;
  const nowMs = deps.now();
  const change = healthChange(before, observed, nowMs);
  if (!change) return;
  try {
    const after = await health.apply(key, change, nowMs);
    if (change.circuit !== undefined && after?.release_ms === nowMs) {
      logger.info('endpoint answers again: held deliveries go out', idsOf(key));
      await deps.release(key, nowMs);
    }
    const down = after && shouldOpen(after, settings.circuit, nowMs);
    if (!down || (observed.askedUntilMs !== undefined && mayThrottle(after, nowMs))) return;
    if (!(await health.open(key, down, nowMs))) return;
    metrics.count('CircuitsOpened', 1);
    logger.warn('endpoint is down: its deliveries are held from now on', { ...idsOf(key), failures: after.failures });
  } catch (error) {
    logger.warn('endpoint health not written', { ...idsOf(key), ...deps.errorFields(error) });
  }
}
