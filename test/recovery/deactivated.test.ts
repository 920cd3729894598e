import { describe, expect, it } from 'vitest';
import { encodeRecoveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { DeactivatedJob } from '../../lambdas/domain/messages/messages.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import { workAll } from '../../lambdas/recovery/recovery.ts';
import { handedOut, takeInHand } from '../support/in-hand.ts';

// Operators and other systems are told of deactivations. Doubled: the table, the topic and the bus.

type Notice = Parameters<RecoveryDeps['tell']>[0];

const AT_MS = Date.parse('2026-01-31T09:15:00.000Z');
const URL = 'https://hooks.example.com:8443/in?token=secret';
const job = (why: DeactivatedJob['why']): DeactivatedJob => ({
  kind: 'deactivated',
  organization: 'org_1',
  subscription_id: 'sub_1',
  why,
  since_ms: AT_MS,
});

function setUp({ deleted = false, refusals = 0 } = {}) {
  const told: Notice[] = [];
  const cameBack: unknown[] = [];
  const nothing = () => undefined;
  const comeBack: RecoveryDeps['comeBack'] = async (troubled) => {
    cameBack.push(...troubled.map(({ encode }) => JSON.parse(encode(AT_MS)) as unknown));
    return { stay: new Set(), buried: 0 };
  };
  const published: PosthornEvent[] = [];
  const deps = {
    publish: async (event: PosthornEvent) => void published.push(event),
    now: () => AT_MS,
    subscriptions: { get: async () => (deleted ? undefined : { url: URL, account: 'north' }) },
    tell: async (notice: Notice) => told.push(notice) > refusals,
    logger: { info: nothing, warn: nothing, error: nothing },
    metrics: { count: nothing, milliseconds: nothing },
    errorFields: () => ({}),
    take: takeInHand(),
    comeBack,
  } as unknown as RecoveryDeps;
  const run = (one: DeactivatedJob) =>
    workAll([handedOut({ messageId: 'm1', body: encodeRecoveryMessage({ v: 1, job: one, step: 0 }) })], deps);
  return { told, run, cameBack, published };
}

describe('a deactivation', () => {
  it('is told to its organization as an event, the very same when it is told again', async () => {
    const { run, published } = setUp({ refusals: 1 });
    const down = { ...job('down'), at_ms: AT_MS + 60_000 };

    await run(down);
    await run(down);

    expect(published).toHaveLength(2);
    expect(published[1]).toEqual(published[0]);
    expect(published[0]).toMatchObject({
      type: 'posthorn.subscription.deactivated',
      organization: 'org_1',
      account: 'north',
      resource_id: 'sub_1',
      enqueued_ms: AT_MS + 60_000,
      data: '{"subscription":"sub_1","host":"hooks.example.com:8443","why":"down","since":"2026-01-31T09:15:00.000Z"}',
    });
  });

  it('by a 410 is told with its time, and with the host alone of the URL', async () => {
    const { told, run } = setUp();

    expect(await run(job('gone'))).toEqual([]);

    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      kind: 'subscription.deactivated',
      subject: 'Posthorn: subscription is deactivated (org_1)',
      detail: {
        organization: 'org_1',
        subscription_id: 'sub_1',
        host: 'hooks.example.com:8443',
        gone_at: '2026-01-31T09:15:00.000Z',
      },
    });
    expect(told[0]!.text).toContain('It answered 410 Gone on 2026-01-31T09:15:00.000Z.');
    expect(JSON.stringify(told)).not.toContain('token');
  });

  it('by five days of silence is told with the time since when', async () => {
    const { told, run } = setUp();

    await run(job('down'));

    expect(told[0]!.text).toContain('Down since 2026-01-31T09:15:00.000Z.');
    expect(told[0]!.detail).toMatchObject({ down_since: '2026-01-31T09:15:00.000Z' });
    expect(told[0]!.detail).not.toHaveProperty('gone_at');
  });

  it('comes back until everybody could be told, with the time since when it could not', async () => {
    const { told, run, cameBack } = setUp({ refusals: 1 });

    expect(await run(job('gone'))).toEqual([]);
    expect(cameBack).toEqual([{ v: 1, job: job('gone'), step: 0, trouble_ms: AT_MS }]);
    expect(await run(job('gone'))).toEqual([]);

    expect(told).toHaveLength(2);
  });

  it('is told though the subscription was deleted since', async () => {
    const { told, run } = setUp({ deleted: true });

    expect(await run(job('gone'))).toEqual([]);

    expect(told[0]!.detail).toMatchObject({ host: 'unknown' });
  });
});
