import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { DeliveryQueue } from '../../lambdas/recovery/ports.ts';
import { REAL_STAGES, type Stages } from './stages.ts';
import { reconcilerWith, recoveryWith, senderWith } from './tamper.ts';

/** Which delivery a message is of, as the table of held ones names it. */
function keyOf(body: string): { subscription: string; event_id: string } {
  const read = decodeDeliveryMessage(body);
  if (!read.ok) throw new Error(read.reason);
  return { subscription: read.message.subscription_id, event_id: read.message.event.id };
}

/** A queue that says it took everything. */
function boasting(queue: DeliveryQueue): DeliveryQueue {
  return {
    async send(entries) {
      await queue.send(entries);
      return new Set();
    },
  };
}

/** A queue that takes nothing at every other try: replays are rare in a schedule, and refusals as well. */
function reluctant(queue: DeliveryQueue): DeliveryQueue {
  let tries = 0;
  return {
    send: async (entries) => (tries++ % 2 === 0 ? new Set(entries.keys()) : queue.send(entries)),
  };
}

/** Bugs in holding, probing, releasing, deactivating, replaying and reconciling. */
export const RECOVERY_MUTANTS: Record<string, Partial<Stages>> = {
  'hold acknowledges without storing': senderWith(({ held }) => ({ held: { ...held, put: async () => [] } })),
  'hold ignores that storing failed': senderWith(({ held }) => ({
    held: {
      ...held,
      async put(deliveries) {
        await held.put(deliveries);
        return [];
      },
    },
  })),
  'a probe that succeeds releases nothing': senderWith(({ health }) => ({
    health: {
      ...health,
      apply: (key, { circuit: _, ...change }, nowMs) => health.apply(key, change, nowMs),
    },
    release: async () => undefined,
  })),
  'a probe that fails is forgotten': {
    sender(world, container, lane) {
      const real = REAL_STAGES.sender(world, container, lane);
      return async (received, remainingMs) => {
        const left = await real(received, remainingMs);
        for (const { body } of received) {
          if (!body.includes('"probe":true')) continue;
          const { subscription, event_id } = keyOf(body);
          world.tables.held.of(subscription).delete(event_id);
        }
        return left;
      };
    },
  },
  'sender ignores that an endpoint asks to wait': senderWith(({ health }) => ({
    health: { ...health, throttle: async () => undefined },
  })),
  'sender leaves an endpoint alone for a second only': senderWith(({ health }) => ({
    health: { ...health, throttle: (key, _, nowMs) => health.throttle(key, nowMs + 1000, nowMs) },
  })),
  'sender sends what should wait for a throttled endpoint': senderWith(({ targets }) => ({
    targets: {
      ...targets,
      async load(keys) {
        const loaded = await targets.load(keys);
        for (const { health } of loaded.values()) if (health?.circuit === 'throttled') delete health.circuit;
        return loaded;
      },
    },
  })),
  'sender sends what should wait for a paused subscription': senderWith(({ targets }) => ({
    targets: {
      ...targets,
      async load(keys) {
        const loaded = await targets.load(keys);
        for (const { row, health } of loaded.values()) {
          if (row) delete row.paused;
          if (health?.circuit === 'paused') delete health.circuit;
        }
        return loaded;
      },
    },
  })),
  'sender believes the circuit alone that nothing is paused': senderWith(({ targets }) => ({
    targets: {
      ...targets,
      async load(keys) {
        const loaded = await targets.load(keys);
        for (const { row } of loaded.values()) if (row) delete row.paused;
        return loaded;
      },
    },
  })),
  'a probe that succeeds ends a pause': senderWith(({ health }, world) => ({
    health: {
      ...health,
      async apply(key, change, nowMs) {
        const row = world.tables.health.rows.get(key.subscription);
        if (row?.circuit === 'paused') row.circuit = 'open';
        return health.apply(key, change, nowMs);
      },
    },
  })),
  'recovery releases what is paused': recoveryWith(({ circuits, subscriptions }) => ({
    subscriptions: {
      async get(organization, id) {
        const row = await subscriptions.get(organization, id);
        return row && { ...row, paused: false };
      },
    },
    circuits,
  })),
  'recovery leaves a pause that was written behind its end': recoveryWith(({ health }) => ({
    health: { ...health, resume: async () => undefined },
  })),
  'a resumed subscription releases nothing': recoveryWith(({ circuits }) => ({
    circuits: {
      ...circuits,
      async claimStep(...of) {
        const row = await circuits.claimStep(...of);
        return row?.opened_ms === undefined ? undefined : row;
      },
      beginRelease: async () => undefined,
    },
  })),
  'recovery never ends a throttle': recoveryWith(({ circuits }) => ({
    circuits: { ...circuits, endThrottle: async () => undefined },
  })),
  'recovery ends a throttle and releases nothing': recoveryWith(({ circuits }) => ({
    circuits: {
      ...circuits,
      endThrottle: async (...of) => void (await circuits.endThrottle(...of)),
      all: async function* () {
        for await (const rows of circuits.all()) yield rows.filter(({ circuit }) => circuit !== 'releasing');
      },
    },
  })),
  'look-after never probes': recoveryWith(({ circuits }) => ({
    circuits: { ...circuits, claimProbe: async () => false },
  })),
  'look-after tells nobody': recoveryWith(() => ({ tell: async () => true })),
  'look-after deactivates after an hour': recoveryWith(({ settings }) => ({
    settings: { ...settings, downMs: 3_600_000 },
  })),
  'look-after never deactivates': recoveryWith(({ targets }) => ({
    targets: { ...targets, deactivate: async () => false },
  })),
  'look-after tells nobody of a deactivation over which it died': recoveryWith(({ subscriptions }) => ({
    subscriptions: {
      async get(organization, id) {
        const row = await subscriptions.get(organization, id);
        return row?.active === false ? { ...row, problem: undefined } : row;
      },
    },
  })),
  'look-after takes up no release that got stuck': recoveryWith(({ circuits }) => ({
    circuits: {
      ...circuits,
      all: async function* () {
        for await (const rows of circuits.all()) yield rows.filter(({ circuit }) => circuit === 'open');
      },
    },
  })),
  'sender does not wait for the moment of what is released': senderWith(
    () => ({}),
    (received) => received.map((one) => ({ ...one, body: one.body.replace(/"due_ms":\d+/, '"due_ms":0') })),
  ),
  'release begins with whatever is held': recoveryWith(({ held }) => ({
    held: { ...held, oldest: (subscription, limit, after) => held.oldest(subscription, limit + 10, after) },
  })),
  'release forgets the rest of a part': recoveryWith(({ slowLane }) => ({
    slowLane: { send: (entries) => slowLane.send(entries.slice(0, 1)) },
  })),
  'release ignores what SQS refused': recoveryWith(({ slowLane }) => ({ slowLane: boasting(slowLane) })),
  'release deletes what is held before it is queued': recoveryWith(({ held }) => ({
    held: {
      ...held,
      async oldest(subscription, limit, after) {
        const rows = await held.oldest(subscription, limit, after);
        if (limit > 1) await held.removeRead(rows);
        return rows;
      },
    },
  })),
  'release deletes what was held again meanwhile': recoveryWith(({ held }, world) => ({
    held: {
      ...held,
      async removeRead(deliveries) {
        await held.removeRead(deliveries);
        for (const { subscription, event_id } of deliveries) world.tables.held.of(subscription).delete(event_id);
      },
    },
  })),
  'release keeps what it has queued': recoveryWith(({ held }) => ({
    held: { ...held, removeRead: async () => undefined },
  })),
  'release to another URL lets go before anything was taken there': recoveryWith(({ circuits }) => ({
    circuits: {
      ...circuits,
      async claimStep(...of) {
        const row = await circuits.claimStep(...of);
        delete row?.renewed_ms;
        return row;
      },
    },
  })),
  'release ends after its first step': recoveryWith(({ next }) => ({
    next: async (message, delaySeconds) => {
      if (message.job.kind !== 'release' || message.step === 0) await next(message, delaySeconds);
    },
  })),
  'release forgets the circuit before everything is out': recoveryWith(({ circuits, held }) => ({
    held: { ...held, oldest: async (subscription, limit) => (await held.oldest(subscription, limit)).slice(0, 3) },
    circuits: {
      ...circuits,
      async closing(subscription, run) {
        const isRun = await circuits.closing(subscription, run);
        if (isRun) await circuits.close(subscription, run);
        return isRun;
      },
    },
  })),
  'recovery acknowledges jobs that failed': {
    recovery(world, container) {
      const real = REAL_STAGES.recovery(world, container);
      return {
        ...real,
        async work(received, remainingMs) {
          await real.work(received, remainingMs);
          return [];
        },
      };
    },
  },
  'replay sends its first page only': recoveryWith(({ replayable }) => ({
    replayable: {
      ...replayable,
      page: async (query, after) => ({ deliveries: (await replayable.page(query, after)).deliveries }),
    },
  })),
  'replay ignores what SQS refused': recoveryWith(({ fastLane }) => ({ fastLane: boasting(reluctant(fastLane)) })),
  'reconciler goes on although SQS refused': reconcilerWith(({ fastLane }) => ({ fastLane: boasting(fastLane) })),
  'reconciler looks at the first page only': reconcilerWith(({ events }) => ({
    events: { list: async (filter, page) => ({ items: (await events.list(filter, page)).items }) },
  })),
  'reconciler sends again what is over': reconcilerWith(() => ({
    attempts: { latestBetween: async () => new Map() },
  })),
  'reconciler sends again what is another organization’s': reconcilerWith(() => ({
    subscriptions: { get: async () => undefined },
  })),
  'reconciler sends again what is held': reconcilerWith(({ circuits }) => ({
    circuits: { ...circuits, get: async () => undefined },
    held: { among: async () => new Set() },
  })),
};
