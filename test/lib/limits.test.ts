import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { subscriptionInput } from '../../lambdas/api/subscriptions/schema.ts';
import * as limits from '../../lambdas/domain/limits.ts';
import { readSubscription } from '../../lambdas/domain/subscription/read-subscription.ts';
import { RESERVE_MS } from '../../lambdas/sender/send.ts';
import { resourcesOf } from '../support/resources.ts';
import { synthesize } from '../support/stacks.ts';

// Each number of domain/limits.ts against all that must agree with it: changing one of them alone turns this red.

let templates: ReturnType<typeof synthesize>;
beforeAll(() => {
  templates = synthesize();
});

/** The resource whose logical id is this name and CDK's hash. */
function named(type: string, name: string): Record<string, unknown> {
  const found = Object.entries(resourcesOf(templates, type)).find(([id]) => id.replace(/[0-9A-F]{8}$/, '') === name);
  if (!found) throw new Error(`no ${type} named ${name}`);
  return found[1].Properties;
}

const text = (path: string): string => readFileSync(path, 'utf8').replace(/\s+/g, ' ');
const readsTimeout = (timeout_seconds: number): boolean =>
  readSubscription(
    { organization: 'org_1', id: 'sub_1', url: 'https://hooks.example.com/', timeout_seconds },
    { checkUrl: (url) => ({ ok: true, url }), knownTypes: new Set() },
  ).ok;

describe('the limits', () => {
  it('are those of the contract', () => {
    const { MAX_ATTEMPTS, LONGEST_ATTEMPT_SECONDS, HIGHEST_RATE_PER_SECOND } = limits;
    const design = text('docs/design.md');

    expect({ ...limits }).toEqual({
      MAX_ATTEMPTS: 4,
      IN_FLIGHT_PER_ENDPOINT: 1000,
      IN_FLIGHT_PER_ORGANIZATION: 5000,
      LONGEST_WAIT_IN_FLIGHT_SECONDS: 60,
      LONGEST_ATTEMPT_SECONDS: 30,
      LONGEST_DELAY_SECONDS: 900,
      CLOCK_SKEW_MS: 500,
      HIGHEST_RATE_PER_SECOND: 1000,
      LONGEST_HEAL_HOURS: 120,
      SENDER_SECONDS: 45,
      API_SECONDS: 30,
      FAN_OUT_SECONDS: 120,
      IN_HAND_SECONDS: 20,
      RECOVERY_SECONDS: 120,
      EVENT_RECEIVES: 5,
      JOB_RECEIVES: 5,
      VISIBILITY_TIMES: 6,
    });
    expect(design).toContain(`\`timeout_seconds\` (1–${LONGEST_ATTEMPT_SECONDS})`);
    expect(design).toContain(`\`rate_per_second\` (1–${HIGHEST_RATE_PER_SECOND})`);
    expect(design).toContain(
      `The limit of ${MAX_ATTEMPTS - 1} retries is the queue's redrive policy (\`maxReceiveCount\` ${MAX_ATTEMPTS})`,
    );
    expect(text('console/src/pages/call/call.tsx')).toContain(`\${attempt} of ${MAX_ATTEMPTS}`);
  });

  it.each([
    ['Ingest', 10],
    ['Api', limits.API_SECONDS],
    ['FanOut', limits.FAN_OUT_SECONDS],
    ['Sender', limits.SENDER_SECONDS],
    ['RecoveryFunction', limits.RECOVERY_SECONDS],
  ])('are how long %s runs in the template: %i s', (name, seconds) => {
    expect(named('AWS::Lambda::Function', name)['Timeout']).toBe(seconds);
  });

  it.each([
    ['EventsQueue', limits.FAN_OUT_SECONDS, limits.EVENT_RECEIVES],
    ['DeliveriesQueue', limits.SENDER_SECONDS, limits.MAX_ATTEMPTS],
    ['SlowDeliveriesQueue', limits.SENDER_SECONDS, limits.MAX_ATTEMPTS],
    ['RecoveryQueue', limits.RECOVERY_SECONDS, limits.JOB_RECEIVES],
  ])('are how long a message of %s stays away and how often it comes', (name, seconds, maxReceiveCount) => {
    expect(named('AWS::SQS::Queue', name)).toMatchObject({
      VisibilityTimeout: limits.VISIBILITY_TIMES * seconds,
      RedrivePolicy: { maxReceiveCount },
    });
  });

  it('leave a sender time after the longest attempt that a subscription may ask for', () => {
    expect((limits.SENDER_SECONDS - limits.LONGEST_ATTEMPT_SECONDS) * 1000).toBeGreaterThan(RESERVE_MS);
  });

  it('are what a subscription may ask for, through the API and in its row', () => {
    const ask = (timeout_seconds: number): boolean =>
      subscriptionInput.safeParse({ url: 'https://hooks.example.com/', timeout_seconds }).success;

    for (const accepts of [ask, readsTimeout]) {
      expect(accepts(limits.LONGEST_ATTEMPT_SECONDS)).toBe(true);
      expect(accepts(limits.LONGEST_ATTEMPT_SECONDS + 1)).toBe(false);
    }
  });
});
