import { isActive, isPaused, isPulled } from '../../domain/subscription/begins-anew.ts';
import { asText } from '../../domain/subscription/hand-typed.ts';
import { missedTime } from '../../domain/subscription/missed-time.ts';
import type { SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import { foldForSearch } from '../../domain/search-text.ts';
import { targetName } from '../../stores/delivery-targets.ts';
import type { EndpointHealthStore } from '../../stores/endpoint-health.ts';
import type { WantedRows } from '../../stores/subscriptions.ts';
import { HEALTH_STATES, viewHealth } from './endpoint-health-view.ts';
import { targetOf, viewSubscription } from './view.ts';

/** What `state` of a list may ask for. The row's own, `missed`: it was off, and what it missed is kept and was not sent; then its endpoint's. */
export const ASKED_STATES = ['active', 'inactive', 'missed', 'problem', ...HEALTH_STATES] as const;
export type AskedState = (typeof ASKED_STATES)[number];

/** Attributes that a search looks into; a URL holds its host. */
const SEARCHED = ['url', 'description', 'id', 'organization', 'account'] as const;

export interface SubscriptionSearch {
  /** Part of a URL, a host, a description, an id, an organization or an account. */
  search?: string;
  /** One of these. */
  state?: readonly AskedState[];
}

interface SearchDeps {
  rules: SubscriptionRules;
  health: Pick<EndpointHealthStore, 'load'>;
  now(): number;
  /** Events accepted before are not kept any more, milliseconds since the epoch. */
  oldestKeptMs(): number;
}

/** Which rows of a list a search keeps; undefined: all. Health is read only of those whose text fits. */
export function searchRows(
  { search, state }: SubscriptionSearch,
  { rules, health, now, oldestKeptMs }: SearchDeps,
): WantedRows | undefined {
  if (search === undefined && state === undefined) return undefined;
  const text = search === undefined ? '' : foldForSearch(search);
  return async (rows) => {
    const fitting = rows.filter((row) => text === '' || holds(row, text, rules));
    return new Set(state === undefined ? fitting : await inState(fitting, state));
  };

  async function inState(rows: SubscriptionRow[], wanted: readonly AskedState[]): Promise<SubscriptionRow[]> {
    const keys = rows.map(targetOf);
    const needsHealth = HEALTH_STATES.some((one) => wanted.includes(one));
    const found = needsHealth ? await health.load(keys) : new Map<string, never>();
    return rows.filter((row, index) => {
      const { state: endpoint } = viewHealth(
        found.get(targetName(keys[index]!)),
        { paused: isPaused(row), pulled: isPulled(row), called: true },
        now(),
      );
      return [...statesOf(row, endpoint, rules), ...missedStates(row)].some((one) => wanted.includes(one));
    });
  }

  function missedStates(row: SubscriptionRow): AskedState[] {
    const missed = missedTime(row);
    return missed && missed.until_ms >= oldestKeptMs() ? ['missed'] : [];
  }
}

/** All that is true of a row. An endpoint is `healthy` only where something is sent to it. */
function statesOf(
  row: SubscriptionRow,
  endpoint: (typeof HEALTH_STATES)[number],
  rules: SubscriptionRules,
): AskedState[] {
  const hasProblem = typeof viewSubscription(row, rules).problem === 'string';
  const active = isActive(row);
  const states: AskedState[] = [active ? 'active' : 'inactive'];
  if (hasProblem) states.push('problem');
  if (endpoint !== 'healthy' || (active && !hasProblem)) states.push(endpoint);
  return states;
}

/** Rows typed by hand are searched as they were typed, and as answers show them. */
function holds(row: SubscriptionRow, text: string, rules: SubscriptionRules): boolean {
  const has = (value: unknown): boolean => foldForSearch(asText(value) ?? '').includes(text);
  if (SEARCHED.some((name) => has(row[name]))) return true;
  return has(viewSubscription(row, rules).url);
}
