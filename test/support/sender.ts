import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import type { HealthChange } from '../../lambdas/domain/endpoint/circuit.ts';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import type { CredentialsByRef } from '../../lambdas/domain/subscription/auth.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { gravesOf } from './graves.ts';
import { takeInHand } from './in-hand.ts';
import type { TakeInHand } from '../../lambdas/domain/messages/in-hand.ts';
import type { DeliveryMessage, ReleasePace } from '../../lambdas/domain/messages/messages.ts';
import type { Answer, DeadLetter, Lane, LogFields, ReceivedMessage, SenderDeps } from '../../lambdas/sender/ports.ts';
import type { Failure } from '../../lambdas/sender/outgoing/answer.ts';
import { createSender } from '../../lambdas/sender/sender.ts';
import { createTokens } from '../../lambdas/sender/tokens.ts';
import type { HeldDelivery } from '../../lambdas/stores/held.ts';
import type { SigningSecret } from '../../lambdas/stores/secrets.ts';
import { targetName } from '../../lambdas/stores/delivery-targets.ts';
import type { TargetKey } from '../../lambdas/stores/delivery-targets.ts';
import { takeTurns } from '../../lambdas/domain/endpoint/turns.ts';
import { deliveryBody } from './delivery-body.ts';

export const NOW = 1_700_000_000_000;
export const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
export const ORGANIZATION = 'org_8f2a91';

const ids = createIds({ now: () => NOW, random: Math.random });

export function anEvent(change: Partial<PosthornEvent> = {}): PosthornEvent {
  return {
    id: ids.event().id,
    organization: ORGANIZATION,
    type: 'visit.ended',
    triggering_location: 'PATIENT_PORTAL',
    resource_id: '28540',
    enqueued_ms: NOW - 200,
    data: '{"id":"28540","status":"cancelled","big":9007199254740993}',
    ...change,
  };
}

/** A message as SQS hands it out; first receive, queued 100 ms ago. */
export function aMessage(
  change: Partial<Omit<DeliveryMessage, 'event'>> & {
    event?: Partial<PosthornEvent>;
    receive?: number;
    sentMs?: number;
    /** When it was received first. */
    firstMs?: number;
  } = {},
): ReceivedMessage & { message: DeliveryMessage } {
  const { event: eventChange, receive = 1, sentMs = NOW - 95, firstMs = NOW, ...fields } = change;
  const event = anEvent(eventChange);
  const { v, ...message } = {
    v: 1 as const,
    subscription_id: 'sub_1',
    format: 'standard' as const,
    queued_ms: NOW - 100,
    ...fields,
  };
  return {
    messageId: `sqs-${event.id}-${message.subscription_id}`,
    receiptHandle: `receipt-${event.id}-${message.subscription_id}`,
    body: deliveryBody(event, message),
    attributes: {
      ApproximateReceiveCount: String(receive),
      ApproximateFirstReceiveTimestamp: String(firstMs),
      SentTimestamp: String(sentMs),
    },
    message: { v, event, ...message },
  };
}

/** An answer of a customer. */
export function answer(
  status: number,
  headers: Record<string, string> = {},
  more: { totalMs?: number; body?: string; ownLagMs?: number } = {},
): Answer {
  const { totalMs = 40, body = '', ownLagMs } = more;
  const timings = { total: totalMs, ...(ownLagMs !== undefined && { own_lag: ownLagMs }) };
  return { kind: 'response', status, headers, body, truncated: false, timings };
}

export function noAnswer(errorClass: Failure['class'], reason: string, totalMs = 40): Answer {
  return { kind: 'error', class: errorClass, reason, timings: { total: totalMs } };
}

interface CustomerRequest {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
  timeoutMs: number;
  onNames?: (waiting: boolean) => void;
}

/** The sender with everything around it in memory; each member may be looked at and changed by a test. */
export class SenderBench {
  rows = new Map<string, Record<string, unknown>>();
  secrets = new Map<string, SigningSecret[]>();
  /** Credentials of each id, by their ref. */
  credentials = new Map<string, CredentialsByRef>();
  /** The organization of each id, as its secrets say. */
  owners = new Map<string, string>();
  healthRows = new Map<string, EndpointHealth>();
  log: Attempt[] = [];
  held: HeldDelivery[] = [];
  /** Events that are held no more. */
  forgotten: string[] = [];
  /** Exhausted deliveries that are remembered, automatic replays that were asked for, and jobs for recovery about them. */
  noted: { organization: string; subscription: string; event: string; dueMs: number; untilMs: number }[] = [];
  asked: { organization: string; subscription: string; replay: string; before: number }[] = [];
  heals: string[] = [];
  replayCounts: { id: string; done: number; failed: number }[] = [];
  /** Releases asked for. */
  releases: { subscription: string; run: number; pace?: ReleasePace }[] = [];
  letOut: string[] = [];
  /** Turns taken, by subscription. */
  turns = new Map<string, string>();
  requests: CustomerRequest[] = [];
  visibility: { lane: Lane; receiptHandle: string; seconds: number }[] = [];
  /** Messages that the end of a batch left in the queue. */
  stayed: string[] = [];
  /** New messages, by lane. */
  sent: Record<Lane, { body: string; group: string; delaySeconds?: number }[]> = { fast: [], slow: [] };
  deadLetters: DeadLetter[] = [];
  healthChanges: { subscription: string; change: HealthChange }[] = [];
  /** Exhausted deliveries that were counted for what organizations are told. */
  untold: { subscription: string; count: number; fromMs: number }[] = [];
  opened: string[] = [];
  throttled: { subscription: string; untilMs: number }[] = [];
  /** Looks asked for. */
  looks: { subscription: string; delaySeconds: number }[] = [];
  deactivated: { subscription: string; url: unknown; problem: string }[] = [];
  lines: { level: string; message: string; fields: LogFields }[] = [];
  counts: Record<string, number> = {};
  durations: Record<string, number[]> = {};
  latestAsked = 0;
  now = NOW;
  remainingMs = 45_000;
  /** For how long the sender was late itself while requests were open. */
  ownLagMs = 0;
  /** Timers that run; a test lets their time come. */
  timers = new Map<() => void, number>();
  /** What each customer answers. */
  customer: (request: CustomerRequest) => Answer | Promise<Answer> = () => answer(200);
  /** What each store and queue does; tests replace single ones to make them fail. */
  readonly deps: SenderDeps;
  private readonly send: ReturnType<typeof createSender>;

  constructor() {
    this.deps = this.dependencies();
    this.send = createSender(this.deps);
    this.subscribe('sub_1');
  }

  subscribe(
    id: string,
    row: Record<string, unknown> = {},
    secrets: SigningSecret[] = [{ key: SECRET, created_ms: 1 }],
  ): void {
    this.type(ORGANIZATION, id, row);
    this.owners.set(id, ORGANIZATION);
    this.secrets.set(id, secrets);
  }

  /** Puts a row into the table, as a person does by hand: whose the id is stays as it was. */
  type(organization: string, id: string, row: Record<string, unknown> = {}): void {
    this.rows.set(targetName({ organization, subscription: id }), {
      organization,
      id,
      url: `https://${id.replace('_', '-')}.example.com/hooks?token=abc`,
      ...row,
    });
  }

  rowOf(id: string): Record<string, unknown> {
    return this.rows.get(targetName({ organization: ORGANIZATION, subscription: id }))!;
  }

  unsubscribe(id: string): void {
    this.rows.delete(targetName({ organization: ORGANIZATION, subscription: id }));
  }

  /** Runs one batch. @returns the messages that stay in the queue. */
  async run(messages: ReceivedMessage[], lane: Lane = 'fast'): Promise<string[]> {
    return this.send({ lane, messages, remainingMs: () => this.remainingMs });
  }

  outcomes(): string[] {
    return this.log.map(({ outcome }) => outcome);
  }

  private take(lane: Lane): TakeInHand {
    return takeInHand({
      giveBack: async (changes) => {
        for (const { receiptHandle, atMs } of changes) {
          this.visibility.push({ lane, receiptHandle, seconds: Math.max(Math.ceil((atMs - this.now) / 1000), 0) });
        }
      },
      end: async (stay = []) => void this.stayed.push(...stay),
    });
  }

  private dependencies(): SenderDeps {
    const line =
      (level: string) =>
      (message: string, fields: LogFields = {}) =>
        void this.lines.push({ level, message, fields });
    const logIds = createIds({ now: () => this.now, random: Math.random });
    const customers: SenderDeps['customers'] = {
      post: async (request) => {
        this.requests.push(request);
        return this.customer(request);
      },
      ownLagMs: () => this.ownLagMs,
    };
    return {
      customers,
      tokens: createTokens({ customers, now: () => this.now }),
      graves: gravesOf(),
      targets: {
        load: async (keys: TargetKey[]) =>
          new Map(
            keys.map((key) => {
              const row = this.rows.get(targetName(key));
              const owner = this.owners.get(key.subscription);
              const isOwn = owner === undefined || owner === key.organization;
              const health = isOwn ? this.healthRows.get(key.subscription) : undefined;
              const secrets = isOwn ? (this.secrets.get(key.subscription) ?? []) : [];
              const credentials = isOwn ? this.credentials.get(key.subscription) : undefined;
              return [targetName(key), { row, owner, health, secrets, credentials }];
            }),
          ),
        deactivate: async ({ subscription }, url, { problem }) => {
          this.deactivated.push({ subscription, url, problem });
          return true;
        },
      },
      attempts: {
        append: async (attempts) => {
          this.log.push(...attempts);
          return [];
        },
        latest: async (subscription, event) => {
          this.latestAsked += 1;
          return this.log.filter((one) => one.subscription_id === subscription && one.event_id === event).at(-1);
        },
      },
      held: {
        put: async (deliveries) => {
          this.held.push(...deliveries);
          return [];
        },
        removeRead: async (deliveries) => {
          this.held = this.held.filter(
            (one) => !deliveries.some(({ held_ms, event_id }) => one.event_id === event_id && one.held_ms === held_ms),
          );
        },
        remove: async (deliveries) => {
          this.forgotten.push(...deliveries.map(({ event_id }) => event_id));
        },
      },
      told: {
        countExhausted: async ({ subscription }, count, fromMs) => {
          this.untold.push({ subscription, count, fromMs });
        },
      },
      health: {
        apply: async ({ subscription }, change, nowMs) => {
          this.healthChanges.push({ subscription, change });
          const row = this.healthRows.get(subscription);
          return row && change.circuit ? { ...row, circuit: change.circuit, release_ms: nowMs } : row;
        },
        open: async ({ subscription }) => {
          this.opened.push(subscription);
          return true;
        },
        throttle: async ({ subscription }, untilMs) => {
          this.throttled.push({ subscription, untilMs });
          return 'closed';
        },
        letOut: async ({ subscription }, nowMs) => {
          this.letOut.push(subscription);
          return nowMs;
        },
        takeTurns: async ({ subscription }, { count, perSecond }, nowMs) => {
          const row = this.healthRows.get(subscription);
          const known = this.turns.get(subscription) ?? row?.turns;
          const taken = takeTurns(known, count, perSecond, nowMs);
          if (taken.granted === 0) return { ...taken, turns: known };
          this.turns.set(subscription, taken.turns);
          return taken;
        },
      },
      queues: {
        take: { fast: this.take('fast'), slow: this.take('slow') },
        send: async (lane, messages) => {
          this.sent[lane].push(...messages);
          return new Set();
        },
        toDeadLetters: async (letters) => {
          this.deadLetters.push(...letters);
          return new Set();
        },
      },
      healing: {
        note: async (key, { event, dueMs, untilMs }) => {
          this.noted.push({ ...key, event, dueMs, untilMs });
        },
        askReplay: async (key, replay, before) => {
          this.asked.push({ ...key, replay, before });
          return true;
        },
      },
      heal: async ({ subscription }) => {
        this.heals.push(subscription);
      },
      replays: {
        count: async (id, counts) => {
          this.replayCounts.push({ id, ...counts });
        },
      },
      look: async ({ subscription }, delaySeconds) => {
        this.looks.push({ subscription, delaySeconds });
      },
      release: async ({ subscription }, run, pace) => {
        this.releases.push({ subscription, run, ...(pace && { pace }) });
      },
      logger: { info: line('INFO'), warn: line('WARN'), error: line('ERROR') },
      metrics: {
        count: (name, n) => void (this.counts[name] = (this.counts[name] ?? 0) + n),
        milliseconds: (name, value) => void (this.durations[name] ??= []).push(value),
      },
      errorFields: (error) => ({ error: (error as Error).name }),
      rules: {
        checkUrl: (url) =>
          url.startsWith('https://') ? { ok: true, url } : { ok: false, detail: 'must begin with https://' },
        knownTypes: new Set(['visit.ended']),
      },
      resourceOf: (type) => (type.startsWith('visit') ? 'visit' : null),
      settings: {
        delays: [10, 60, 180],
        circuit: { failures: 20, spanMs: 60_000 },
        waits: { endpoint: 6, organization: 73 },
        heal: { delaysMs: [900_000, 1_800_000], hours: 24 },
        version: '1.2.3',
        clinicV1StatusCodes: { cancelled: '40' },
        clinicV1Sunset: '',
      },
      now: () => this.now,
      after: (ms, happen) => {
        this.timers.set(happen, ms);
        return () => void this.timers.delete(happen);
      },
      random: () => 0.5,
      newUlid: () => logIds.attempt(),
      newReplayId: () => logIds.replay(),
    };
  }
}
