import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { EndpointHealth } from '../../../lambdas/domain/endpoint/health.ts';
import { exhaustedToTell, stateToTell } from '../../../lambdas/domain/endpoint/told.ts';
import type { Posthorn } from '../../../test/support/posthorn.ts';
import type { Customers, ToldOf } from './customers.ts';
import { LEAVING } from './leaving.ts';
import type { Line } from './log.ts';
import type { Part } from './part.ts';
import type { Subscribed } from './verdict.ts';

/** The log by subscription, then event. */
type Log = ReadonlyMap<string, ReadonlyMap<string, readonly Line[]>>;

const EXHAUSTED = 'posthorn.delivery.exhausted';
/** Tries in a row that make an endpoint one that is failing. */
const FAILING = 3;

export interface Telling extends Part {
  /** What was told for nothing, in words. */
  wrong: (log: Log) => string[];
  /**
   * Exhausted deliveries that were told beyond those that there were. Fewer may be told: the next count comes an hour later,
   * and a death costs its batch.
   */
  overtold: (log: Log) => number;
}

/** Each organization has an endpoint that is told how the others are. */
export function startTelling(
  posthorn: Posthorn,
  customers: Customers,
  { subscriptions, now }: { subscriptions: readonly Subscribed[]; now: () => number },
): Telling {
  return {
    async missing() {
      const rows = await healthOf(posthorn);
      return rows.flatMap((row) => untoldOf(row, customers.told, now()));
    },
    wrong: (log) => customers.told.flatMap((one) => forNothing(one, customers.told, subscriptions, log)),
    overtold: (log) => overtold(customers.told, log),
  };
}

/** What is written down to be told, and what was claimed and came to nobody. */
function untoldOf(row: EndpointHealth, told: readonly ToldOf[], nowMs: number): string[] {
  const { subscription, organization, told: state, told_exhausted: count } = row;
  if (organization === LEAVING) return [];
  const came = (type: string): boolean => told.some((one) => one.subscription === subscription && one.type === type);
  const missing: string[] = [];
  if (stateToTell(row, nowMs) ?? exhaustedToTell(row, nowMs)) missing.push(`${subscription}: something to tell`);
  if (state && !came(`posthorn.endpoint.${state.state}`)) missing.push(`${subscription}: ${state.state} was not told`);
  if (count && !came(EXHAUSTED)) missing.push(`${subscription}: exhausted deliveries were not told of`);
  return missing;
}

/** What the log does not know of. */
function forNothing(
  { organization, id, type, subscription }: ToldOf,
  told: readonly ToldOf[],
  subscriptions: readonly Subscribed[],
  log: Log,
): string[] {
  const about = subscriptions.find((one) => one.id === subscription);
  const lines = [...(log.get(subscription)?.values() ?? [])].flat();
  const of = (outcome: Line['outcome']): number => lines.filter((line) => line.outcome === outcome).length;
  const holds: Record<string, boolean> = {
    [EXHAUSTED]: of('exhausted') > 0,
    'posthorn.endpoint.failing': of('failed') + of('exhausted') >= FAILING,
    'posthorn.endpoint.recovered':
      of('delivered') > 0 && told.some((other) => other.subscription === subscription && other.type !== type),
  };
  if (about?.organization === organization && holds[type] === true) return [];
  return [`told for nothing: ${id} ${type} of ${about?.path ?? subscription} to ${organization}`];
}

function overtold(told: readonly ToldOf[], log: Log): number {
  const counts = Map.groupBy(
    told.filter(({ type }) => type === EXHAUSTED),
    ({ subscription }) => subscription,
  );
  return [...counts].reduce((sum, [subscription, events]) => {
    const count = events.reduce((all, one) => all + one.count, 0);
    const lines = [...(log.get(subscription)?.values() ?? [])].flat();
    return sum + Math.max(count - lines.filter(({ outcome }) => outcome === 'exhausted').length, 0);
  }, 0);
}

async function healthOf(posthorn: Posthorn): Promise<EndpointHealth[]> {
  const rows: EndpointHealth[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await posthorn.dynamoDb.send(
      new ScanCommand({
        TableName: posthorn.output('EndpointHealthTableName'),
        ConsistentRead: true,
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );
    rows.push(...((page.Items ?? []) as EndpointHealth[]));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return rows;
}
