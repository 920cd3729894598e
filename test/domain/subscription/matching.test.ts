import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPattern, matches } from '../../../lambdas/domain/subscription/matching.ts';
import type { PosthornEvent } from '../../../lambdas/domain/event.ts';
import type { Subscription } from '../../../lambdas/domain/subscription/subscription.ts';

const subscription = (fields: Partial<Subscription> = {}): Subscription => ({
  organization: 'acme',
  id: 'sub_1',
  url: 'https://example.com/hook',
  active: true,
  events: ['*'],
  format: 'standard',
  success: '2xx',
  timeout_seconds: 10,
  ...fields,
});

const event = (fields: Partial<PosthornEvent> = {}): PosthornEvent => ({
  id: 'evt_01HZZZZZZZZZZZZZZZZZZZZZZZ',
  organization: 'acme',
  type: 'visit.ended',
  triggering_location: 'API',
  enqueued_ms: 1_700_000_000_000,
  data: '{}',
  ...fields,
});

it('a sample goes to no other subscription than the one that it was asked for', () => {
  expect(matches(subscription(), event({ sample: true }))).toBe(false);
  expect(matches(subscription(), event())).toBe(true);
});

describe('a subscription with a filter', () => {
  const filter = { data: { status: ['cancelled'] } };

  it('matches the events that pass it, of those that match otherwise', () => {
    const cancelled = event({ data: '{"status": "cancelled"}' });

    expect(matches(subscription({ filter }), cancelled)).toBe(true);
    expect(matches(subscription({ filter }), event({ data: '{"status": "ended"}' }))).toBe(false);
    expect(matches(subscription({ filter, events: ['shift.*'] }), cancelled)).toBe(false);
  });
});

describe('matches', () => {
  it.each([
    ['*', 'visit.ended', true],
    ['visit.ended', 'visit.ended', true],
    ['visit.ended', 'visit.ended.late', false],
    ['visit.note', 'visit.note.signed_and_sent', false],
    ['visit.*', 'visit.ended', true],
    ['visit.*', 'visit.note.signed_and_sent', true],
    ['visit.*', 'visits.ended', false],
    ['visit', 'visit.ended', true],
    ['visit', 'visit.note.signed_and_sent', true],
    ['visit', 'visits.ended', false],
    ['visit', 'my-visit.ended', false],
    ['visit.note.*', 'visit.note.signed_and_sent', true],
    ['visit.note.*', 'visit.note', false],
    ['visit.note.*', 'visit.notes.signed', false],
    ['medical-encounters', 'medical-encounters.created', true],
    ['medical', 'medical-encounters.created', false],
    ['medical-encounters.*', 'medical-encounters.removed', true],
    ['ended', 'visit.ended', false],
    ['*', 'posthorn.endpoint.down', false],
    ['posthorn', 'posthorn.endpoint.down', true],
    ['posthorn.*', 'posthorn.endpoint.down', true],
    ['posthorn.endpoint.*', 'posthorn.delivery.exhausted', false],
    ['posthorn.endpoint.down', 'posthorn.endpoint.down', true],
  ])('pattern %s and type %s: %s', (pattern, type, expected) => {
    expect(matches(subscription({ events: [pattern] }), event({ type }))).toBe(expected);
  });

  it('keeps from an endpoint what is told of that very one', () => {
    const asks = subscription({ events: ['*', 'posthorn.*'] });

    expect(matches(asks, event({ type: 'posthorn.endpoint.down', resource_id: 'sub_2' }))).toBe(true);
    expect(matches(asks, event({ type: 'posthorn.endpoint.down', resource_id: 'sub_1' }))).toBe(false);
    expect(matches(asks, event({ resource_id: 'sub_1' }))).toBe(true);
  });

  it('tells who sees one account of endpoints of that account alone', () => {
    const north = subscription({ events: ['posthorn.*'], account: 'north' });
    const down = { type: 'posthorn.endpoint.down', resource_id: 'sub_2' };

    expect(matches(north, event({ ...down, account: 'north' }))).toBe(true);
    expect(matches(north, event({ ...down, account: 'south' }))).toBe(false);
    expect(matches(north, event(down))).toBe(false);
  });

  it('keeps organizations apart', () => {
    expect(matches(subscription({ organization: 'other' }), event())).toBe(false);
  });

  it('gives a subscription of an account only the events of that account', () => {
    const ofAccount = subscription({ account: 'north' });
    expect(matches(ofAccount, event({ account: 'north' }))).toBe(true);
    expect(matches(ofAccount, event({ account: 'south' }))).toBe(false);
    expect(matches(ofAccount, event())).toBe(false);
  });

  it('gives a subscription without an account the events of every account', () => {
    expect(matches(subscription(), event({ account: 'north' }))).toBe(true);
  });

  it('leaves out inactive subscriptions', () => {
    expect(matches(subscription({ active: false }), event())).toBe(false);
  });

  it('lets no pattern catch a ping', () => {
    expect(matches(subscription({ events: ['*', 'ping'] }), event({ type: 'ping' }))).toBe(false);
  });

  it('agrees with a plain reading of the rules, segment by segment', () => {
    const segment = fc.constantFrom('visit', 'visits', 'visit-note', 'note', 'a', 'a_b', '-', 'ended');
    const type = fc.array(segment, { minLength: 2, maxLength: 3 }).map((segments) => segments.join('.'));
    const pattern = fc.oneof(
      fc.constant('*'),
      type,
      segment,
      fc.array(segment, { minLength: 1, maxLength: 2 }).map((segments) => `${segments.join('.')}.*`),
    );
    const account = fc.option(fc.constantFrom('north', 'south'), { nil: undefined });

    const property = fc.property(
      fc.array(pattern, { minLength: 1, maxLength: 4 }),
      type,
      account,
      account,
      fc.boolean(),
      (events, eventType, wanted, had, active) => {
        const result = matches(
          subscription({ events, active, ...(wanted ? { account: wanted } : {}) }),
          event({ type: eventType, ...(had ? { account: had } : {}) }),
        );
        expect(result).toBe(active && (!wanted || wanted === had) && events.some((p) => reference(p, eventType)));
      },
    );

    fc.assert(property, { numRuns: 2_000 });
  });
});

/** The words of docs/design.md §7 one by one, on lists of segments: nothing is compared as text. */
function reference(pattern: string, type: string): boolean {
  const wanted = pattern.split('.');
  const had = type.split('.');
  const prefix = wanted.at(-1) === '*' ? wanted.slice(0, -1) : wanted.length === 1 ? wanted : undefined;
  if (!prefix) return wanted.length === had.length && wanted.every((segment, i) => segment === had[i]);
  return prefix.length < had.length && prefix.every((segment, i) => segment === had[i]);
}

describe('checkPattern', () => {
  const knownTypes = new Set([
    'visit.created',
    'visit.ended',
    'visit.note.signed_and_sent',
    'medical-encounters.created',
  ]);

  it.each(['*', 'visit.ended', 'visit.note.signed_and_sent', 'visit.*', 'visit.note.*', 'visit', 'medical-encounters'])(
    'accepts %s',
    (pattern) => {
      expect(checkPattern(pattern, knownTypes)).toBeUndefined();
    },
  );

  it.each(['invoice', 'invoice.*', 'visit.invoice.*'])(
    'accepts %s, which matches nothing yet: types are added to the catalogue later',
    (pattern) => {
      expect(checkPattern(pattern, knownTypes)).toBeUndefined();
    },
  );

  it.each([
    '',
    '.',
    '**',
    '*.ended',
    'visit.',
    '.ended',
    'visit..ended',
    'visit.*.x',
    'a.b.c.d',
    'a.b.c.*',
    'Visit.ended',
    '__proto__',
    '-visit.*',
  ])('says what a pattern looks like when it gets %j', (pattern) => {
    expect(checkPattern(pattern, knownTypes)).toContain('"visit.*"');
  });

  it('names types of the same service when an exact type is not in the catalogue', () => {
    expect(checkPattern('visit.end', knownTypes)).toBe(
      '"visit.end" is not in the catalogue: use one of visit.created, visit.ended, visit.note.signed_and_sent',
    );
  });

  it('says where the types are listed when the service is unknown', () => {
    expect(checkPattern('vist.ended', knownTypes)).toContain('/v1/event-types');
  });

  it('names the type that was probably meant when the service is misspelt', () => {
    expect(checkPattern('vist.ended', knownTypes)).toContain('did you mean visit.ended?');
    expect(checkPattern('invoice.sent', knownTypes)).not.toContain('did you mean');
  });

  it('quotes no more than 60 characters of a pattern', () => {
    expect(checkPattern(`${'x'.repeat(500)}!`, knownTypes)!.length).toBeLessThan(250);
  });
});
