import type { Trouble } from './container.ts';
import type { Endpoint, Manner } from './endpoints.ts';
import type { Chance } from './random.ts';
import type { Blackout, Kept } from './tables.ts';
import type { Settings } from './world.ts';

/** What a run sets up and what its producers were told. */
export interface Plan {
  subscriptions: {
    organization: string;
    id: string;
    url: string;
    endpoint: Endpoint;
    perSecond?: number;
    isLate?: true;
  }[];
  /**
   * Rows that somebody typed with the id of another organization's subscription, and when the guard says so in `problem`,
   * milliseconds after the beginning.
   */
  twins: { organization: string; id: string; url: string; notedMs: number }[];
  /** Subscriptions that get another URL of an endpoint just as well or ill, and when, milliseconds after the beginning. */
  renewals: { id: string; afterMs: number }[];
  /**
   * Subscriptions that people pause and resume, milliseconds after the beginning, and how much later than the row the
   * endpoint's circuit follows: at once, or when the guard has seen it, also in the wrong order.
   */
  pauses: { id: string; fromMs: number; toMs: number; followsMs: [number, number] }[];
  /** Subscriptions whose customers fetch, and how much later than the row the endpoint's circuit follows, milliseconds. */
  pulls: { id: string; followsMs: number }[];
  accepted: { id: string; organization: string }[];
  /** Events that producers mean to publish, and when, milliseconds after the beginning. */
  events: { organization: string; afterMs: number }[];
  /** Replays that people start: `rpl_…`, the subscription, and when; then also whether its endpoint was well. */
  replays: { id: string; subscription: string; afterMs: number; wellAtStart?: boolean }[];
  /**
   * Subscriptions that are inactive at first, and what they have missed is asked for once they are active: `rpl_missed_…`, and
   * when, milliseconds after the beginning.
   */
  late: { id: string; replay: string; activeMs: number; afterMs: number }[];
  /** Those of them that somebody switches off once more for a moment, and when, milliseconds after the beginning. */
  flaps: { id: string; offMs: number; onMs: number }[];
  /** Replays of the deliveries of everybody, and when, milliseconds after the beginning; a missed one names them one by one. */
  bulk: { id: string; afterMs: number }[];
  /** What is kept from every stage for a while. */
  blackout?: Blackout;
  /** The schedules run so long, milliseconds. */
  lengthMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const ORGANIZATIONS = ['org_a', 'org_b'];
/** Circuits that never open: what endpoints refuse uses up its tries. */
const NEVER = 1_000_000;

/**
 * `steady`: circuits stay closed. `hours`: circuits open after few failures, outages last minutes and sometimes hours.
 * `days`: outages last up to a week, so that subscriptions are deactivated.
 */
export type Span = 'steady' | 'hours' | 'days';

/** Those over days cost the most. */
export function chooseSpan(chance: Chance): Span {
  return chance.pick([...Array<Span>(9).fill('steady'), ...Array<Span>(6).fill('hours'), 'days']);
}

/** As deployed but for the circuit, which opens after 2 to 6 failures, and rarer looks where time is long. */
export function chooseSettings(chance: Chance, span: Span): Omit<Settings, 'heal'> {
  const circuit = { failures: chance.between(2, 6), spanMs: chance.pick([0, 0, 10_000, MINUTE_MS]) };
  return {
    circuit: span === 'steady' ? { failures: NEVER, spanMs: MINUTE_MS } : circuit,
    probeMs: span === 'days' ? 2 * HOUR_MS : chance.pick([MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS]),
    downMs: 5 * DAY_MS,
    replayMs: 7 * DAY_MS,
    reconcileMs: span === 'days' ? 12 * HOUR_MS : 30 * MINUTE_MS,
    stuckMs: 90 * MINUTE_MS,
  };
}

/** In half of the schedules what is exhausted is tried again, as deployed or for a shorter time. */
export function chooseHealing(chance: Chance): Settings['heal'] {
  const delaysMs = [15, 30, 60, 120].map((minutes) => minutes * MINUTE_MS);
  return { delaysMs, hours: chance.pick([0, 0, 0, 3, 24, 24]) };
}

const MANNERS: Record<Span, Manner[]> = {
  steady: ['well', 'well', 'flaky', 'flaky', 'outage', 'dead', 'gone'],
  hours: ['well', 'outage', 'outage', 'outage', 'outage', 'flaky', 'picky', 'dead', 'gone'],
  days: ['well', 'outage', 'outage', 'outage', 'dead'],
};

/** How many schedules have a time in which tables are kept from us. Over days they would cost too much. */
const BLACKOUTS: Record<Span, number> = { steady: 0.3, hours: 0.15, days: 0 };
const KEPT: readonly Kept[][] = [
  ['subscriptions'],
  ['subscriptions'],
  ['secrets'],
  ['events'],
  ['log'],
  ['subscriptions', 'secrets', 'events', 'log'],
];

/** From minutes, longer than a delivery's tries take, to more than the day after which it is given up. */
function chooseBlackout(chance: Chance, span: Span, startMs: number, { crash, lostAnswer }: Trouble): Blackout {
  const fromMs = startMs + (chance.happens(0.5) ? 0 : chance.between(0, 5 * MINUTE_MS));
  // A return whose process dies, or whose answer gets lost, leaves two messages where one was. As often as that happens
  // here, they would be too many over hours.
  const longest =
    crash + lostAnswer > 0 ? [10, 60] : span === 'hours' ? [10, 60, 180] : [10, 10, 60, 60, 180, 600, 1200, 1620];
  return { of: chance.pick(KEPT), fromMs, toMs: fromMs + chance.pick(longest) * MINUTE_MS };
}

/** Who subscribes what, who publishes when, and which endpoints are down meanwhile. */
export function choosePlan(chance: Chance, span: Span, startMs: number, trouble: Trouble): Plan {
  const [longest, rest] =
    span === 'days' ? [7 * DAY_MS, 2 * DAY_MS] : [chance.pick([5, 15, 15, 90]) * MINUTE_MS, 40 * MINUTE_MS];
  const lengthMs = longest + rest;
  const plan: Plan = {
    subscriptions: [],
    twins: [],
    renewals: [],
    pauses: [],
    pulls: [],
    accepted: [],
    events: [],
    replays: [],
    late: [],
    flaps: [],
    bulk: [],
    lengthMs,
  };
  const count = chance.between(1, span === 'steady' ? 4 : 2);
  for (let n = 0; n < count; n++) {
    const manner = chance.pick(MANNERS[span]);
    const fromMs = startMs + chance.between(0, longest / 10);
    const outage = { fromMs, toMs: fromMs + chance.between(0, longest), hangs: chance.happens(0.2) };
    const endpoint: Endpoint = { manner };
    if (manner === 'outage' || manner === 'picky') endpoint.outage = outage;
    if (manner === 'outage' && chance.happens(0.6)) {
      endpoint.relapse = { successes: chance.between(1, 12), forMs: chance.between(0, longest / 4) };
    }
    if (span !== 'steady') endpoint.healsMs = startMs + longest;
    const organization = chance.pick(ORGANIZATIONS);
    plan.subscriptions.push({ organization, id: `sub_${n}`, url: `https://hooks.example.com/${n}`, endpoint });
    if (chance.happens(span === 'steady' ? (manner === 'outage' ? 0.6 : 0.05) : 0.15)) {
      const afterMs = chance.happens(0.5) ? lengthMs + HOUR_MS : chance.between(0, lengthMs);
      plan.replays.push({ id: `rpl_${n}`, subscription: `sub_${n}`, afterMs });
    }
  }
  if (chance.happens(BLACKOUTS[span])) {
    plan.blackout = chooseBlackout(chance, span, startMs, trouble);
    plan.lengthMs = Math.max(plan.lengthMs, plan.blackout.toMs - startMs + 3 * HOUR_MS);
  }
  // Now and then more than a release's first step takes.
  const events = span === 'steady' ? chance.between(1, 4) : chance.pick([4, 4, 6, 8, 10, 16]);
  for (let n = 0; n < events; n++) {
    const late = span !== 'steady' && n >= 2;
    plan.events.push({
      organization: late && chance.happens(0.7) ? plan.subscriptions[0]!.organization : chance.pick(ORGANIZATIONS),
      afterMs: chance.between(0, late && chance.happens(0.7) ? longest / 2 : 5000),
    });
  }
  return plan;
}

/** In a quarter of the schedules somebody duplicates rows into the other organization, where half of the events go. */
export function chooseTwins(chance: Chance, subscriptions: Plan['subscriptions']): Plan['twins'] {
  if (!chance.happens(0.25)) return [];
  return subscriptions.map(({ organization, id, url }) => ({
    organization: ORGANIZATIONS.find((other) => other !== organization)!,
    id,
    url: `${url}/twin`,
    notedMs: chance.pick([0, 1000, 4000, 20_000, 5 * MINUTE_MS]),
  }));
}

/**
 * In a quarter of the schedules in which circuits may open, endpoints are busy: they take a few requests and then ask to be
 * left alone for a while.
 */
export function chooseBusy(chance: Chance, { subscriptions, lengthMs }: Plan, startMs: number): void {
  if (!chance.happens(0.25)) return;
  for (const { endpoint } of subscriptions) {
    if (!chance.happens(0.8) || endpoint.manner === 'gone') continue;
    const says = chance.happens(0.7);
    // Longer than a step of a release with a slow call in it: one that outlasts the wait sends its part once more.
    const waitMs = says ? chance.pick([10, 20, 90, 900, 1800]) * 1000 : MINUTE_MS;
    const status = says && chance.happens(0.5) ? 503 : 429;
    const busy = { takes: chance.between(1, 6), waitMs, says, status };
    for (const name of ['outage', 'relapse'] as const) delete endpoint[name];
    Object.assign(endpoint, { manner: 'busy', busy, healsMs: startMs + lengthMs / 2 });
  }
}

/** In a tenth of the schedules subscriptions are inactive until some events have come, and what they missed is sent then. */
export function chooseLate(chance: Chance, { subscriptions, lengthMs }: Plan): Plan['late'] {
  if (!chance.happens(0.1)) return [];
  return subscriptions.flatMap(({ id, endpoint }) => {
    // What deactivates it as well would tell nothing of this.
    if (endpoint.manner === 'gone' || !chance.happens(0.7)) return [];
    const activeMs = chance.pick([2000, 5000, 20_000]);
    const afterMs = Math.max(activeMs, chance.pick([6000, 5 * MINUTE_MS, lengthMs + HOUR_MS]));
    return [{ id, replay: `rpl_missed_${id}`, activeMs, afterMs }];
  });
}

/** Some of them are switched off once more while what they have missed is on its way, but for those that are fetched. */
export function chooseFlaps(chance: Chance, { late, pulls }: Plan): Plan['flaps'] {
  return late.flatMap(({ id, afterMs }) => {
    if (!chance.happens(0.3) || pulls.some((one) => one.id === id)) return [];
    const offMs = afterMs + chance.between(1, chance.pick([50, 500, 4000]));
    return [{ id, offMs, onMs: offMs + chance.between(1, chance.pick([50, 500, 4000])) }];
  });
}

/** In a tenth of the schedules support sends again what everybody did not get, long after it. */
export function chooseBulk(chance: Chance, { lengthMs }: Plan): Plan['bulk'] {
  if (!chance.happens(0.1)) return [];
  return [{ id: 'rpl_bulk', afterMs: lengthMs + HOUR_MS + chance.between(0, HOUR_MS) }];
}

/** In a fifth of the schedules subscriptions have a ceiling, and a few events come at once. */
export function chooseCeilings(chance: Chance, plan: Plan): void {
  if (!chance.happens(0.2)) return;
  for (const subscription of plan.subscriptions) if (chance.happens(0.8)) subscription.perSecond = chance.between(1, 3);
  const { organization } = plan.subscriptions[0]!;
  const afterMs = chance.between(0, 5000);
  const burst = chance.between(0, 10);
  for (let n = 0; n < burst; n++) plan.events.push({ organization, afterMs: afterMs + chance.between(0, 1500) });
}

/**
 * In half of the schedules in which what is exhausted is tried again, endpoints have an outage in which deliveries are
 * given up, and a few events come long after it: some refuse half of the events for good.
 */
export function chooseQuietOutages(chance: Chance, plan: Plan, startMs: number): void {
  if (!chance.happens(0.5)) return;
  for (const { endpoint } of plan.subscriptions) {
    if (endpoint.manner === 'gone' || !chance.happens(0.8)) continue;
    const toMs = startMs + chance.between(4, 90) * MINUTE_MS;
    const outage = { fromMs: startMs, toMs, hangs: chance.happens(0.1) };
    Object.assign(endpoint, { manner: chance.pick(['outage', 'outage', 'picky'] as const), outage });
    delete endpoint.relapse;
    if (chance.happens(0.3))
      endpoint.relapse = { successes: chance.between(1, 3), forMs: chance.between(1, 20) * MINUTE_MS };
    plan.lengthMs = Math.max(plan.lengthMs, toMs - startMs + HOUR_MS);
  }
  const late = chance.between(0, 4);
  for (let n = 0; n < late; n++) {
    const { organization } = chance.pick(plan.subscriptions);
    const afterMs = chance.between(0, chance.pick([2, 6])) * HOUR_MS + chance.between(0, HOUR_MS);
    plan.events.push({ organization, afterMs });
    plan.lengthMs = Math.max(plan.lengthMs, afterMs + 40 * MINUTE_MS);
  }
}

/** In a third of the schedules people change URLs, also while endpoints are down, and not always for the better. */
export function chooseRenewals(chance: Chance, { subscriptions, lengthMs }: Plan): Plan['renewals'] {
  if (!chance.happens(1 / 3)) return [];
  return subscriptions.flatMap(({ id }) =>
    Array.from({ length: chance.between(0, 2) }, () => ({ id, afterMs: chance.between(0, lengthMs) })),
  );
}

/** In a quarter of the schedules people pause subscriptions for a while, also while their endpoints are down. */
export function choosePauses(chance: Chance, { subscriptions, lengthMs }: Plan): Plan['pauses'] {
  if (!chance.happens(0.25)) return [];
  return subscriptions.flatMap(({ id }) => {
    if (!chance.happens(0.7)) return [];
    const fromMs = chance.between(0, chance.pick([5000, Math.round(lengthMs / 4)]));
    const toMs = fromMs + chance.pick([1000, 20_000, 10 * MINUTE_MS, Math.round(lengthMs / 2)]);
    const follows = (): number => chance.pick([1, 1, 500, 3000, 20_000]);
    return [{ id, fromMs, toMs, followsMs: [follows(), follows()] }];
  });
}

/**
 * A quarter of the schedules without trouble, a quarter in which only the delivery log fails, one in which only processes
 * die, and one with all of it.
 */
export function chooseTrouble(chance: Chance): Trouble {
  const none = { crash: 0, refused: 0, lostAnswer: 0, log: 0, duplicate: 0 };
  const kind = chance.between(0, 3);
  if (kind === 0) return none;
  if (kind === 1) return { ...none, log: chance.next() };
  if (kind === 2) return { ...none, crash: chance.next() * 0.04 };
  return {
    crash: chance.next() * 0.04,
    refused: chance.next() * 0.1,
    lostAnswer: chance.next() * 0.05,
    log: chance.next() * 0.2,
    duplicate: 0.02,
  };
}
