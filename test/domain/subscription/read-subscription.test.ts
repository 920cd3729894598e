import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSubscription } from '../../../lambdas/domain/subscription/read-subscription.ts';
import { rules, BARE, row, understood, problemOf } from './rows-by-hand.ts';

describe('a row typed in by hand', () => {
  it('works with only organization, id and url: defaults apply', () => {
    expect(readSubscription(BARE, rules)).toEqual({
      ok: true,
      subscription: { ...BARE, active: true, events: ['*'], format: 'standard', success: '2xx', timeout_seconds: 10 },
    });
  });

  it('comes back unchanged when it is as the API writes it', () => {
    const full = {
      ...BARE,
      active: false,
      events: ['visit.ended', 'shift'],
      format: 'clinic-v2',
      success: '200',
      description: 'night shift board',
      account: 'north',
      signature_header: 'Axle-Signature',
      headers: { 'X-Tenant': '7' },
      timeout_seconds: 5,
      created_at: '2026-01-31T09:15:00.123Z',
      updated_at: '2026-01-31T09:15:00.123Z',
      problem: 'endpoint answered 410 Gone',
    };
    expect(readSubscription(full, rules)).toEqual({ ok: true, subscription: full });
  });

  it('may hold attributes of people’s own', () => {
    expect(
      understood({ note: 'call Ada first', owner: new Set(['ops']), since: 2024n, nested: { a: [null] } }),
    ).toEqual(understood({}));
  });
});

describe('keys', () => {
  it.each<[string, unknown]>([
    ['id', 'sub.1'],
    ['id', ' sub_1'],
    ['id', 7],
    ['id', ''],
    ['organization', 'acme corp'],
  ])('%s is a problem as %j, and the row has to be made anew', (key, value) => {
    expect(problemOf(row({ [key]: value }))).toMatch(new RegExp(`^${key}: .*create a new row`));
  });
});

describe('a problem', () => {
  it('names everything that is wrong at once', () => {
    const problem = problemOf(row({ url: null, events: [], format: 'xml', timeout_seconds: 99 }));
    expect(problem.match(/(url|events|format|timeout_seconds): expected/g)).toHaveLength(4);
  });

  it('quotes no more than 40 characters of what came', () => {
    expect(problemOf(row({ success: 'x'.repeat(100_000) })).length).toBeLessThan(200);
  });

  it('is found without throwing whatever lies in the row', () => {
    const anything = fc.dictionary(
      fc.constantFrom(
        'organization',
        'id',
        'url',
        'active',
        'events',
        'format',
        'success',
        'account',
        'headers',
        'extra',
      ),
      fc.oneof(
        fc.anything({ withBigInt: true, withSet: true, withTypedArray: true, withNullPrototype: true }),
        fc.constantFrom('visit.ended', '*', 'https://hooks.example.com/in', 'standard', 'true', 'acme'),
      ),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const result = readSubscription(value, rules);
        expect(result.ok ? result.subscription.events.length : result.problem.length).toBeGreaterThan(0);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a word that exports write for an empty cell', () => {
  const WORDS = ['null', 'NULL', 'None', 'NaN', 'nan', 'undefined', 'nil', 'N/A', '#N/A', '(null)', ' null\n', '-'];

  it.each(WORDS)('%j is no event type, no account, no name of a header and no address', (word) => {
    expect(problemOf(row({ events: word }))).toMatch(/^events: expected /);
    expect(problemOf(row({ events: ['visit.ended', word] }))).toMatch(
      /^events: expected |^events: .* is not a pattern/,
    );
    expect(problemOf(row({ account: word }))).toMatch(/^account: expected /);
    expect(problemOf(row({ signature_header: word }))).toMatch(/^signature_header: must be the name of a header/);
    expect(problemOf(row({ url: word }))).toMatch(/^url: expected /);
    expect(problemOf(row({ headers: word }))).toMatch(/^headers: /);
    expect(problemOf(row({ headers: { [word]: 'x' } }))).toMatch(/^headers/);
  });

  it('may be two quotes', () => {
    for (const name of ['events', 'account', 'signature_header', 'url', 'headers']) {
      expect(problemOf(row({ [name]: '""' })), name).toMatch(new RegExp(`^${name}: `));
    }
  });

  it.each(WORDS)('%j decides nothing else either', (word) => {
    for (const name of ['active', 'format', 'success', 'timeout_seconds']) {
      expect(problemOf(row({ [name]: word })), name).toMatch(new RegExp(`^${name}: `));
    }
  });

  it.each(['null', 'None', 'NaN', 'undefined', '-'])('%s is no organization and no id', (word) => {
    expect(problemOf(row({ organization: word }))).toMatch(/^organization: /);
    expect(problemOf(row({ id: word }))).toMatch(/^id: /);
  });

  it.each(['[null]', '["NULL"]', '[None]', '[]', '{}', '["null"]', '[""]', '[NaN]'])(
    '%s in events is a problem, too',
    (text) => {
      expect(problemOf(row({ events: text }))).toMatch(/^events: /);
    },
  );

  it('does no harm in a description', () => {
    expect(understood({ description: 'None' })).toMatchObject({ description: 'None' });
  });

  it.each(['all', 'ALL', ' any ', 'everything', '["all"]'])('is not %j: that is for everything', (word) => {
    expect(problemOf(row({ events: word }))).toMatch(/^events: .*type \*, or remove the attribute, for every event/);
    expect(problemOf(row({ account: word }))).toMatch(/^account: .*remove the attribute for all accounts/);
  });

  it.each(['nullable', 'nine', 'none-of-it', 'alliance', 'any_ward'])('is not %s', (name) => {
    expect(understood({ account: name, events: name })).toMatchObject({ account: name, events: [name] });
  });
});

describe('DynamoDB JSON', () => {
  it.each<[string, string, unknown, RegExp]>([
    ['a list as text', 'events', '[{"S":"visit.*"}]', /^events: .*got a list of DynamoDB JSON, {"S": …}.* as text/],
    ['an attribute as text', 'events', '{"L":[{"S":"visit.*"}]}', /^events: .*got DynamoDB JSON, {"L": …}.* as text/],
    ['a set as text', 'events', '{"SS":["visit.*"]}', /^events: .*got DynamoDB JSON, {"SS": …}/],
    ['an attribute', 'events', { S: 'visit.*' }, /^events: .*got DynamoDB JSON, {"S": …}/],
    ['a list of attributes', 'events', [{ S: 'visit.*' }], /^events: .*got a list of DynamoDB JSON, {"S": …}/],
    ['text', 'url', '{"S":"https://hooks.example.com/"}', /^url: .*got DynamoDB JSON, {"S": …}.* as text/],
    ['an attribute', 'url', { S: 'https://hooks.example.com/' }, /^url: .*got DynamoDB JSON, {"S": …}/],
    ['text', 'active', '{"BOOL":false}', /^active: .*got DynamoDB JSON, {"BOOL": …}/],
    ['an attribute', 'active', { BOOL: false }, /^active: .*got DynamoDB JSON, {"BOOL": …}/],
    ['text', 'account', '{"S":"north"}', /^account: .*got DynamoDB JSON/],
    ['NULL', 'account', { NULL: true }, /^account: .*got DynamoDB JSON, {"NULL": …}/],
    ['an attribute', 'format', { S: 'thin' }, /^format: .*got DynamoDB JSON/],
    ['an attribute', 'timeout_seconds', { N: '5' }, /^timeout_seconds: .*got DynamoDB JSON, {"N": …}/],
    ['text', 'signature_header', '{"S":"Axle-Signature"}', /^signature_header: .*not DynamoDB JSON, {"S": …}/],
    [
      'a map of attributes',
      'headers',
      { 'X-Token': { S: 'geheim' } },
      /^headers: .*got a map of DynamoDB JSON, {"S": …}/,
    ],
    ['a map', 'headers', { M: { 'X-Token': { S: 'geheim' } } }, /^headers: .*got DynamoDB JSON, {"M": …}/],
    ['text', 'headers', '{"X-Token":{"S":"geheim"}}', /^headers: .*got a map of DynamoDB JSON, {"S": …}.* as text/],
  ])('%s in %s is named as such', (_what, name, value, says) => {
    const problem = problemOf(row({ [name]: value }));

    expect(problem).toMatch(says);
    expect(problem).not.toMatch(/object|geheim/);
  });

  it('is not what only looks like it', () => {
    expect(understood({ headers: { S: 'x' } })).toMatchObject({ headers: { S: 'x' } });
    expect(problemOf(row({ events: { S: 7 } }))).toMatch(/got a map/);
    expect(problemOf(row({ events: '{"toString":"x"}' }))).toMatch(/got "{/);
  });
});
