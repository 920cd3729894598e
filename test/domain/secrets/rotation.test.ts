import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import {
  MAX_ACTIVE_SECRETS,
  rotate,
  validSecrets,
  type SigningSecret,
} from '../../../lambdas/domain/secrets/rotation.ts';
import { formatSecret, parseSecret, signStandard } from '../../../lambdas/domain/secrets/signature.ts';

const HOUR = 3_600_000;
const START = 1_700_000_000_000;

interface Step {
  /** Time since the step before, milliseconds. */
  after: number;
  overlap: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  after: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 0, max: 200 * HOUR })),
  overlap: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 168 }).map((hours) => hours * HOUR),
  ),
});
const steps = fc.array(step, { maxLength: 20 });

const fresh = (n: number, created_ms: number): SigningSecret => ({ key: `whsec_${n}`, created_ms });

/** Every state of a subscription's secrets, with the clock then and what an independent model says is promised. */
function play(taken: Step[]) {
  let now = START;
  let stored = [fresh(0, now)];
  /** Until when each secret verifies, by what its rotations promised; the current one for ever. */
  const promised = new Map([[stored[0]!.key, Infinity]]);
  const states = [{ now, stored, promised: new Map(promised), overlap: undefined as number | undefined }];
  for (const [n, { after, overlap }] of taken.entries()) {
    now += after;
    for (const [key, until] of promised) promised.set(key, until <= now ? until : Math.min(until, now + overlap));
    stored = rotate(stored, fresh(n + 1, now), now, overlap);
    promised.set(`whsec_${n + 1}`, Infinity);
    states.push({ now, stored, promised: new Map(promised), overlap });
  }
  return states;
}

describe('any sequence of rotations', () => {
  it('keeps valid exactly the newest five of the secrets that are within their overlap, newest first', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 300 * HOUR }), (taken, later) => {
        for (const { now, stored, promised } of play(taken)) {
          for (const time of [now, now + later]) {
            const model = [...promised].filter(([, until]) => until > now).map(([key]) => key);
            const kept = model.toReversed().slice(0, MAX_ACTIVE_SECRETS);
            const expected = kept.filter((key) => promised.get(key)! > time);
            expect(validSecrets(stored, time).map(({ key }) => key)).toEqual(expected);
          }
        }
      }),
    );
  });

  it('never has more than five, one of which never expires and is the newest', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        for (const { stored } of play(taken)) {
          expect(stored.length).toBeLessThanOrEqual(5);
          expect(stored[0]!.expires_ms).toBeUndefined();
          expect(stored.slice(1).every(({ expires_ms }) => expires_ms !== undefined)).toBe(true);
        }
      }),
    );
  });

  it('ends every older secret at once with an overlap of 0', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        for (const { stored, overlap, now } of play([...taken, { after: 1, overlap: 0 }])) {
          if (overlap !== 0) continue;
          expect(validSecrets(stored, now)).toHaveLength(1);
          expect(stored).toHaveLength(1);
        }
      }),
    );
  });

  it('never makes an older secret live longer than the rotation before said', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const ends = new Map<string, number>();
        for (const { stored } of play(taken)) {
          for (const { key, expires_ms = Infinity } of stored) {
            expect(expires_ms).toBeLessThanOrEqual(ends.get(key) ?? Infinity);
            ends.set(key, expires_ms);
          }
        }
      }),
    );
  });

  it('changes nothing in the list that it was given', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { stored, now } = play(taken).at(-1)!;
        const before = structuredClone(stored);
        rotate(stored, fresh(99, now), now, HOUR);
        expect(stored).toEqual(before);
      }),
    );
  });
});

describe('a receiver', () => {
  it('that holds any secret within its overlap verifies what is signed with all of them; one beyond does not', () => {
    const real = Array.from({ length: 21 }, () => formatSecret(randomBytes(32)));
    const keyOf = ({ key }: SigningSecret): string => real[Number(key.slice('whsec_'.length))]!;
    // The library compares with the machine's clock, so the rotations end now.
    const seconds = Math.floor(Date.now() / 1000);
    fc.assert(
      fc.property(steps, (taken) => {
        const { stored, now } = play(taken).at(-1)!;
        const valid = validSecrets(stored, now).map(keyOf);
        const signature = signStandard('evt_1', seconds, '{"a":1}', valid.map(parseSecret));
        const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': String(seconds), 'webhook-signature': signature };
        for (const secret of real.slice(0, taken.length + 1)) {
          const verify = (): unknown => new Webhook(secret).verify('{"a":1}', headers);
          if (valid.includes(secret)) expect(verify()).toEqual({ a: 1 });
          else expect(verify).toThrow('No matching signature found');
        }
      }),
      { numRuns: 50 },
    );
  });
});
