import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import type { Container } from './container.ts';
import type { Endpoint } from './endpoints.ts';
import { LEAVING } from './purge-state.ts';
import type { Chance } from './random.ts';
import type { World } from './world.ts';

const ID = 'sub_leaving';
const URL = 'https://hooks.example.com/leaving';
/** What a step deletes, one kind after the other. */
const KINDS = 6;

/** Of one organization beside all others: what it has, and when it is purged, milliseconds after the beginning. */
export interface Leaving {
  endpoint: Endpoint;
  /** When its events are published. */
  eventsMs: number[];
  purgeMs: number;
  /** When functions cannot read that it is, milliseconds after the beginning. */
  unreadable?: { fromMs: number; toMs: number };
}

/** In a tenth of the schedules. Its endpoint fails in most, so that messages outlive the rows. */
export function chooseLeaving(chance: Chance): Leaving | undefined {
  if (!chance.happens(0.1)) return undefined;
  const purgeMs = chance.between(1000, 4 * 60_000);
  const eventsMs = Array.from({ length: chance.between(1, 4) }, () =>
    Math.max(purgeMs - chance.between(0, chance.pick([2000, 240_000])), 0),
  );
  return { endpoint: { manner: chance.pick(['well', 'dead', 'dead', 'flaky']) }, eventsMs, purgeMs };
}

/** In a third of these schedules functions cannot read for a while who is purged. */
export function chooseUnreadable(chance: Chance, leaving: Leaving): void {
  if (!chance.happens(1 / 3)) return;
  const fromMs = chance.between(0, leaving.purgeMs);
  leaving.unreadable = { fromMs, toMs: fromMs + chance.pick([2, 6, 10, 60]) * 60_000 };
}

/** Sets up the organization that leaves. @param publish as its producer does. */
export function scheduleLeaving(world: World, leaving: Leaving, publish: (text: string, key: string) => void): void {
  const { timeline, tables, endpoints, startMs } = world;
  world.leaves = true;
  const { unreadable } = leaving;
  if (unreadable) world.purges.unreadable = { fromMs: startMs + unreadable.fromMs, toMs: startMs + unreadable.toMs };
  tables.subscriptions.push({ organization: LEAVING, id: ID, url: URL });
  tables.owners.set(ID, LEAVING);
  endpoints.open(URL, leaving.endpoint);
  for (const [n, afterMs] of leaving.eventsMs.entries()) {
    const text = JSON.stringify({ organization: LEAVING, type: 'visit.updated', data: { n } });
    timeline.after(afterMs, () => publish(text, `leaving-${n}`));
  }
  timeline.after(leaving.purgeMs, () => world.purges.begin(world));
}

/** Deletes a part at each call, each by a call that may go wrong. */
export function purgeableOf(world: World, container: Container): RecoveryDeps['purgeable'] {
  return {
    async remove(_, place) {
      const at = place?.at ?? 0;
      const count = await container.call(() => removeKind(world, at));
      const deleted = { events: count };
      return at + 1 < KINDS ? { deleted, place: { at: at + 1 } } : { deleted };
    },
  };
}

function removeKind(
  { tables, deliveriesDeadLetters, eventsDeadLetters, recoveryDeadLetters }: World,
  at: number,
): number {
  const from = <K, V>(map: Map<K, V>, isMeant: (key: K, value: V) => boolean): number => {
    const keys = [...map].filter(([key, value]) => isMeant(key, value)).map(([key]) => key);
    for (const key of keys) map.delete(key);
    return keys.length;
  };
  switch (at) {
    case 0: {
      const index = tables.subscriptions.findIndex(({ organization }) => organization === LEAVING);
      if (index >= 0) tables.subscriptions.splice(index, 1);
      return from(tables.owners, (_, organization) => organization === LEAVING) + (index >= 0 ? 1 : 0);
    }
    case 1:
      return from(tables.health.rows, (id) => id === ID);
    case 2:
      return tables.held.of(ID).size > 0 ? from(tables.held.of(ID), () => true) : 0;
    case 3:
      return from(tables.attempts, (name) => name.startsWith(`${ID} `));
    case 4:
      return from(tables.replays.rows, (_, row) => row.organization === LEAVING) + from(tables.recorded, isLeaving);
    default:
      return [deliveriesDeadLetters, eventsDeadLetters, recoveryDeadLetters]
        .map(({ messages }) => from(messages, (_, { body }) => body.includes(LEAVING)))
        .reduce((sum, count) => sum + count, 0);
  }
}

function isLeaving(_: string, { event }: { event: { organization: string } }): boolean {
  return event.organization === LEAVING;
}

/** Of who has left nothing is anywhere, and nothing was sent since. */
export function ofLeaving(world: World): string[] {
  const { purges, tables, endpoints } = world;
  if (!world.leaves) return [];
  const violations: string[] = [];
  // A step may be given up after a day of trouble: an operator sends it back, or the schedule does.
  const isGivenUp = [...world.recoveryDeadLetters.messages.values()].some(({ body }) => body.includes('"purge"'));
  if (purges.purge?.state !== 'done') return isGivenUp ? [] : ['a purge never ended'];
  const left = {
    rows: tables.subscriptions.filter(({ organization }) => organization === LEAVING).length,
    health: tables.health.rows.has(ID) ? 1 : 0,
    held: tables.held.of(ID).size,
    lines: [...tables.attempts.keys()].filter((name) => name.startsWith(`${ID} `)).length,
    events: [...tables.recorded.values()].filter((one) => isLeaving('', one)).length,
    letters: [world.deliveriesDeadLetters, world.eventsDeadLetters].flatMap(({ messages }) =>
      [...messages.values()].filter((letter) => letter.body.includes(LEAVING) && !isMovedLate(letter, world)),
    ).length,
  };
  for (const [what, count] of Object.entries(left)) if (count > 0) violations.push(`left of who was purged: ${what}`);
  const endedMs = endedMsOf(world);
  if (endpoints.seen.some(({ url, atMs }) => url === URL && atMs > endedMs)) violations.push('sent after a purge');
  return violations;
}

/**
 * Whoever had it in hand at its last receive died, or could not delete it: SQS moves it minutes later, also behind the end
 * of the purge. The tombstone keeps it from being sent.
 */
function isMovedLate({ kind, sentMs }: { kind: string | undefined; sentMs: number }, world: World): boolean {
  return !world.calm && kind === undefined && sentMs > endedMsOf(world);
}

function endedMsOf({ purges }: World): number {
  return purges.stone?.ended_ms ?? 0;
}
