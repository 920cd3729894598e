import { strict as assert } from 'node:assert';
import type { Proof } from './proof.ts';
import { createChance, type Chance } from '../simulation/random.ts';
import { isOperatorKey } from '../../local/iam/operator.ts';
import type { Faults } from '../../local/services.ts';
import { DELIVERIES_PER_EVENT } from './flow/producers.ts';
import { assertFlow, type FlowReport } from './flow/report.ts';
import { runFlow } from './flow/run.ts';

/** How often each kind happens, of the calls that it can happen to. */
const SHARE = 0.05;
/** Messages of one call: what a fault can double at most. */
const BATCH = 10;
/** Nobody may use the table of subscriptions for so long: four receives of a delivery and five of an event are over by then. */
const OUTAGE_MS = 6 * 16 * 60_000;
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
  /** Exhausted deliveries that were counted, to be told, and whoever counted them never heard: they may be counted again. */
  recounted: number;
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

interface Observed {
  happened: Record<Kind, number>;
  /** {@link FaultsReport.recounted} */
  recounted: number;
  /** Nothing fails before. */
  hasBegun: boolean;
}

/** Makes every kind of fault happen to {@link SHARE} of the calls of the platform's own processes. */
function faultsOf(chance: Chance, observed: Observed): Required<Pick<Faults, 'sqs' | 'dynamoDb'>> {
  const { happened } = observed;
  const happens = (kind: Kind): boolean => {
    if (!chance.happens(SHARE)) return false;
    happened[kind] += 1;
    return true;
  };
  const faultOf = (service: Service, { input }: Call): Fault | undefined => {
    const { throttled, error } = CODES[service];
    if (happens('throttled')) return { when: 'before', status: 400, code: throttled };
    if (happens('server error')) return { when: 'before', status: 500, code: error };
    if (happens('timeout after accept')) {
      observed.recounted += exhaustedIn(input);
      return { when: 'after', status: 0, code: 'timeout' };
    }
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
      if (!observed.hasBegun || isOperatorKey(call.accessKeyId)) return undefined;
      if (service === 'sqs') disturb(call);
      return faultOf(service, call);
    };
  return { sqs: unlessOperator('sqs'), dynamoDb: unlessOperator('dynamoDb') };
}

/** How many exhausted deliveries a call counts. */
function exhaustedIn({ UpdateExpression, ExpressionAttributeValues }: Call['input']): number {
  if (!String(UpdateExpression).includes('untold_exhausted = ')) return 0;
  return Number((ExpressionAttributeValues as Record<string, { N?: string }>)[':count']?.N ?? 0);
}

/** A policy keeps the table of subscriptions from the platform, for hours. @param from begins at so much progress. */
function outageOf(from: number) {
  let leftMs = OUTAGE_MS;
  let hasBegun = false;
  let refusals = 0;
  const needsSubscriptions = ({ input }: Call): boolean =>
    [String(input['TableName']), ...Object.keys(input['RequestItems'] ?? {})].some((name) =>
      /Subscriptions/.test(name),
    );
  return {
    step: (progress: number): void => void (hasBegun ||= progress >= from),
    skipped: (ms: number): void => void (hasBegun && (leftMs -= ms)),
    refusals: () => refusals,
    fault(call: Call): Fault | undefined {
      if (!hasBegun || leftMs <= 0 || isOperatorKey(call.accessKeyId)) return undefined;
      if (!needsSubscriptions(call)) return undefined;
      refusals += 1;
      return { when: 'before', status: 400, code: 'AccessDeniedException' };
    },
  };
}

/** Lets events flow while every AWS service fails in every way. @param events about how many. */
export async function faults(seed: number, events: number): Promise<FaultsReport> {
  const happened = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  const observed: Observed = { happened, recounted: 0, hasBegun: false };
  const faults = faultsOf(createChance(seed ^ 0xfa17), observed);
  const outage = outageOf(events / 2);
  const dynamoDb: typeof faults.dynamoDb = (call) => outage.fault(call) ?? faults.dynamoDb(call);
  const report = await runFlow(seed, events * DELIVERIES_PER_EVENT, {
    faults: { ...faults, dynamoDb },
    step(_, progress) {
      observed.hasBegun = true;
      outage.step(progress);
    },
    skipped: (ms) => outage.skipped(ms),
  });
  return { ...report, faults: happened, refusals: outage.refusals(), recounted: observed.recounted };
}

/** @throws what does not hold. */
export function assertFaults(report: FaultsReport): void {
  assertFlow(report);
  const { overtold, recounted } = report;
  assert.ok(
    overtold <= recounted,
    `${overtold} exhausted deliveries were told that never were, at most ${recounted} may`,
  );
  assert.equal(report.unasked, 0, 'given up without one request');
  assert.ok(report.refusals > 0, 'the table was never refused');
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
