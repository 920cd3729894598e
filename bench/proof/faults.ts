import { strict as assert } from 'node:assert';
import type { Proof } from './proof.ts';
import { createChance, type Chance } from '../simulation/random.ts';
import { isOperatorKey } from '../../local/iam/operator.ts';
import type { Faults } from '../../local/services.ts';
import { DELIVERIES_PER_EVENT } from './flow/producers.ts';
import { runFlow, type FlowReport } from './flow/run.ts';
import { assertHeard } from './flow/verdict.ts';

/** How often each kind happens, of the calls that it can happen to. */
const SHARE = 0.05;
/** Messages of one call: what a fault can double at most. */
const BATCH = 10;
/**
 * How often the clock is moved (16 minutes each) while nobody may use the table of subscriptions: four receives of a
 * delivery and five of an event are over by then.
 */
const OUTAGE_SKIPS = 6;
/** The longest delay of a message that SQS allows, seconds. */
const LATEST_SECONDS = 900;

const KINDS = [
  'throttled',
  'server error',
  'timeout after accept',
  'partial failure',
  'received twice',
  'late',
] as const;
type Kind = (typeof KINDS)[number];

export interface FaultsReport extends FlowReport {
  /** How often each kind happened. */
  faults: Record<Kind, number>;
  /** Calls that were refused because they needed the table of subscriptions. */
  refusals: number;
}

type Service = 'sqs' | 'dynamoDb';
interface Call {
  accessKeyId?: string | undefined;
  action: string;
  input: Record<string, unknown>;
}
interface Fault {
  when: 'before' | 'after' | 'part';
  status: number;
  code: string;
}

/** Codes by which the SDK knows what happened. */
const CODES: Record<Service, { throttled: string; error: string }> = {
  sqs: { throttled: 'RequestThrottled', error: 'InternalError' },
  dynamoDb: { throttled: 'ThrottlingException', error: 'InternalServerError' },
};

/** Makes every kind of fault happen to {@link SHARE} of the calls of the platform's own processes. */
function faultsOf(chance: Chance, happened: Record<Kind, number>): Required<Pick<Faults, 'sqs' | 'dynamoDb'>> {
  const happens = (kind: Kind): boolean => {
    if (!chance.happens(SHARE)) return false;
    happened[kind] += 1;
    return true;
  };
  const faultOf = (service: Service, { input }: Call): Fault | undefined => {
    const { throttled, error } = CODES[service];
    if (happens('throttled')) return { when: 'before', status: 400, code: throttled };
    if (happens('server error')) return { when: 'before', status: 500, code: error };
    if (happens('timeout after accept')) return { when: 'after', status: 0, code: 'timeout' };
    const batch = 'Entries' in input || 'RequestItems' in input;
    if (batch && happens('partial failure')) return { when: 'part', status: 200, code: error };
    return undefined;
  };
  /** SQS delivers at least once and in no order: said by changing what is asked for. */
  const disturb = ({ action, input }: Call): void => {
    if (action === 'sqs:ReceiveMessage' && happens('received twice')) input['VisibilityTimeout'] = 1;
    if (action !== 'sqs:SendMessage' || !Array.isArray(input['Entries'])) return;
    for (const entry of input['Entries'] as Record<string, unknown>[]) {
      if (happens('late')) entry['DelaySeconds'] = chance.between(1, LATEST_SECONDS);
    }
  };
  const unlessOperator =
    (service: Service) =>
    (call: Call): Fault | undefined => {
      if (isOperatorKey(call.accessKeyId)) return undefined;
      if (service === 'sqs') disturb(call);
      return faultOf(service, call);
    };
  return { sqs: unlessOperator('sqs'), dynamoDb: unlessOperator('dynamoDb') };
}

/** A policy keeps the table of subscriptions from the platform, for hours. @param from begins at so much progress. */
function outageOf(from: number) {
  let skipsLeft = OUTAGE_SKIPS;
  let hasBegun = false;
  let refusals = 0;
  const needsSubscriptions = ({ input }: Call): boolean =>
    [String(input['TableName']), ...Object.keys(input['RequestItems'] ?? {})].some((name) =>
      /Subscriptions/.test(name),
    );
  return {
    step: (progress: number): void => void (hasBegun ||= progress >= from),
    skipped: (): void => void (hasBegun && skipsLeft > 0 && (skipsLeft -= 1)),
    refusals: () => refusals,
    fault(call: Call): Fault | undefined {
      if (!hasBegun || skipsLeft === 0 || isOperatorKey(call.accessKeyId)) return undefined;
      if (!needsSubscriptions(call)) return undefined;
      refusals += 1;
      return { when: 'before', status: 400, code: 'AccessDeniedException' };
    },
  };
}

/** Lets events flow while every AWS service fails in every way. @param events about how many. */
export async function faults(seed: number, events: number): Promise<FaultsReport> {
  const happened = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  const faults = faultsOf(createChance(seed ^ 0xfa17), happened);
  const outage = outageOf(events / 2);
  const dynamoDb: typeof faults.dynamoDb = (call) => outage.fault(call) ?? faults.dynamoDb(call);
  const report = await runFlow(seed, events * DELIVERIES_PER_EVENT, {
    isAlone: true,
    faults: { ...faults, dynamoDb },
    step: (_, progress) => outage.step(progress),
    skipped: () => outage.skipped(),
  });
  return { ...report, faults: happened, refusals: outage.refusals() };
}

/** @throws what does not hold. */
export function assertFaults(report: FaultsReport): void {
  assert.deepEqual(report.violations.slice(0, 10), []);
  assert.equal(report.lost, 0, 'lost');
  assert.equal(report.unexpected, 0, 'unexpected');
  assert.equal(report.unlogged, 0, 'unlogged');
  assert.ok(report.fetched > 0, 'nothing was fetched');
  assert.equal(report.unasked, 0, 'given up without one request');
  assert.ok(report.refusals > 0, 'the table was never refused');
  assertHeard(report);
  const { 'received twice': receives, 'timeout after accept': sends } = report.faults;
  const bound = BATCH * (receives + sends);
  assert.ok(report.endedTwice <= bound, `${report.endedTwice} ended twice, at most ${bound} may`);
  for (const [kind, times] of Object.entries(report.faults)) assert.ok(times > 0, `${kind} never happened`);
}

/** `npm run proof -- faults [--count <events>]`. */
export const proof: Proof = {
  onPlatform: true,
  promise:
    'While 5 % of all AWS calls fail in each of six ways, and for hours all that need the subscriptions, no delivery is lost or given up unasked, and all queues drain.',
  async run({ seed, count = 100_000 }) {
    const report = await faults(seed, count);
    assertFaults(report);
    const { faults: happened, violations, ...numbers } = report;
    return { ...numbers, violations: violations.length, ...happened };
  },
};
