import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  again,
  first,
  healed,
  inPlaceOf,
  kept,
  onward,
  probe,
  redelivered,
  released,
  replayed,
} from '../../../lambdas/domain/messages/deliveries.ts';
import { accepted, onlyFor } from '../../../lambdas/domain/messages/events.ts';
import { downJob, firstStep, goneJob, nextStep, releaseJob } from '../../../lambdas/domain/messages/jobs.ts';
import { troubledSince, type DeliveryMessage } from '../../../lambdas/domain/messages/messages.ts';
import { anEvent } from '../../support/sender.ts';

const NOW = 1_700_000_000_000;
const OF = { subscription_id: 'sub_1', format: 'standard' } as const;
const PLAIN = { ...OF, queued_ms: NOW };

describe('what a message for the sender says', () => {
  it.each([
    ['the first one', first(OF, { nowMs: NOW }), {}],
    ['a ping’s', first(OF, { nowMs: NOW, isTest: true }), { even_if_inactive: true }],
    ['one of a traced request', first(OF, { nowMs: NOW, traceparent: '00-1' }), { traceparent: '00-1' }],
    ['one that may have been queued before', again(OF, { nowMs: NOW }), { recheck: true }],
    [
      'one that a person asked for',
      redelivered(OF, { nowMs: NOW, isTest: false }),
      { recheck: true, replay: 'redeliver' },
    ],
    ['a replay’s', replayed(OF, { replay: 'rpl_1', askedMs: NOW }), { recheck: true, replay: 'rpl_1' }],
    [
      'an automatic replay’s',
      replayed(OF, { replay: 'rpl_1', askedMs: NOW, automatic: 2 }),
      { recheck: true, replay: 'rpl_1', automatic: 2 },
    ],
    [
      'one more try of an exhausted one',
      healed(OF, { nowMs: NOW, automatic: 0 }),
      { recheck: true, heal: true, automatic: 0 },
    ],
  ])('%s', (_, fields, said) => {
    expect(fields).toStrictEqual({ ...PLAIN, ...said });
  });
});

describe('a message made of another', () => {
  const event = anEvent();
  const before: DeliveryMessage = {
    ...{ v: 1, event, ...PLAIN, recheck: true, replay: 'rpl_1', traceparent: '00-1' },
    ...{ probe: true, released: true, heal: true },
    ...{ resumed_ms: NOW - 9, tries: 2, first_ms: NOW - 99, trouble_ms: NOW - 999 },
  };
  const stays = { ...PLAIN, replay: 'rpl_1', traceparent: '00-1' };

  it.each([probe, released])('lets go what was held, and counts on from the tries that were kept: $name', (letGo) => {
    const held: DeliveryMessage = { v: 1, event, ...stays };
    const mark = letGo === probe ? { probe: true } : { released: true };
    expect(letGo(held, NOW + 1)).toStrictEqual({ ...stays, recheck: true, ...mark });
    expect(letGo({ ...held, tries: 1 }, NOW + 1)).toMatchObject({ tries: 1, resumed_ms: NOW + 1, ...mark });
  });

  it('goes on to another queue as if it had not been tried', () => {
    expect(onward(before, { queuedMs: NOW + 1, mayBeSent: false })).toStrictEqual({ ...stays, queued_ms: NOW + 1 });
    expect(onward(before, { queuedMs: NOW, mayBeSent: true })).toStrictEqual({ ...stays, recheck: true });
  });

  it('is kept in a table with no more than the tries that count', () => {
    const all = { v: 1, event, ...stays, heal: true };
    expect(kept(before, { mayBeSent: false, tries: 0 })).toStrictEqual(all);
    expect(kept(before, { mayBeSent: true, tries: 2 })).toStrictEqual({ ...all, recheck: true, tries: 2 });
  });

  it('takes the other’s place with its tries, and the log is asked first', () => {
    const fields = inPlaceOf(before, { nowMs: NOW + 1, tries: 3, firstMs: NOW - 99 });
    const more = { heal: true, recheck: true, resumed_ms: NOW + 1 };
    expect(fields).toStrictEqual({ ...stays, ...more, tries: 3, first_ms: NOW - 99 });
    const troubled = inPlaceOf(before, { nowMs: NOW + 1, tries: 0, firstMs: NOW, troubleMs: NOW, released: true });
    expect(troubled).toStrictEqual({ ...stays, ...more, tries: 0, trouble_ms: NOW, released: true });
  });

  it('stays what it was beside its trouble', () => {
    const message = onlyFor('sub_1', event);
    expect(troubledSince(message, NOW)).toEqual({ v: 1, event, only: 'sub_1', trouble_ms: NOW });
    expect(troubledSince(troubledSince(message, NOW), undefined)).toEqual(message);
    expect(accepted(event)).toStrictEqual({ v: 1, event });
  });
});

describe('a job', () => {
  const key = { organization: 'acme', subscription: 'sub_1' };

  it('begins at step 0 and goes on by one', () => {
    const job = releaseJob(key, NOW);
    expect(firstStep(job)).toStrictEqual({
      v: 1,
      job: { kind: 'release', organization: 'acme', subscription_id: 'sub_1', run: NOW },
      step: 0,
    });
    expect(nextStep(job, 4)).toStrictEqual({ v: 1, job, step: 5 });
  });

  it('tells when and why a subscription was deactivated', () => {
    const about = { kind: 'deactivated', organization: 'acme', subscription_id: 'sub_1' };
    expect(goneJob(key, NOW)).toStrictEqual({ ...about, why: 'gone', since_ms: NOW });
    const down = downJob(key, { sinceMs: NOW - 9, atMs: NOW });
    expect(down).toStrictEqual({ ...about, why: 'down', since_ms: NOW - 9, at_ms: NOW });
  });
});

describe('messages', () => {
  it('are made in one folder, by the product, the proofs and the simulation, but for forgeries', () => {
    const cwd = join(import.meta.dirname, '../../..');
    const files = globSync('{lambdas,bench}/**/*.ts', { cwd }).filter(
      (file) => !file.startsWith('lambdas/domain/messages'),
    );
    const makers = files.filter((file) =>
      /\bv: 1\b|as DeliveryFields|as RecoveryMessage/.test(readFileSync(join(cwd, file), 'utf8')),
    );
    expect(files.length).toBeGreaterThan(300);
    expect(makers).toEqual(['bench/simulation/tamper.ts']);
  });
});
