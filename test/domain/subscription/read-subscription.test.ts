import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkEndpointUrl } from '../../../lambdas/domain/endpoint/endpoint-url.ts';
import { readSubscription, type SubscriptionRules } from '../../../lambdas/domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../../../lambdas/domain/subscription/subscription.ts';

const rules: SubscriptionRules = {
  checkUrl: (url) => checkEndpointUrl(url, { allowHttp: false, localReceivers: false }),
  knownTypes: new Set(['visit.created', 'visit.ended', 'visit.note.signed_and_sent', 'shift.created', 'ping']),
};

const BARE = { organization: 'acme', id: 'sub_1', url: 'https://hooks.example.com/in' };
const row = (fields: SubscriptionRow = {}): SubscriptionRow => ({ ...BARE, ...fields });

/** What was understood; fails the test when the row was not. */
function understood(fields: SubscriptionRow): Record<string, unknown> {
  const result = readSubscription(row(fields), rules);
  if (!result.ok) throw new Error(`Not understood: ${result.problem}`);
  return { ...result.subscription };
}

function problemOf(value: SubscriptionRow): string {
  const result = readSubscription(value, rules);
  if (result.ok) throw new Error(`Understood: ${JSON.stringify(result.subscription)}`);
  return result.problem;
}

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

describe('events', () => {
  it.each<[string, unknown, string[]]>([
    ['a string', 'visit.ended', ['visit.ended']],
    ['a string with blanks around it', '  visit.ended\n', ['visit.ended']],
    ['a string with commas', 'visit.ended, shift.created', ['visit.ended', 'shift.created']],
    ['a string with blanks', 'visit.ended  shift.created', ['visit.ended', 'shift.created']],
    ['a string with semicolons and lines', 'visit.ended;\r\nshift.*', ['visit.ended', 'shift.*']],
    ['a string in quotes', '"visit.ended"', ['visit.ended']],
    ['a JSON list as a string', '["visit.ended", "shift"]', ['visit.ended', 'shift']],
    ['a list', ['visit.ended', 'visit.*'], ['visit.ended', 'visit.*']],
    ['a list with blanks and commas inside', [' visit.ended ', 'shift,visit'], ['visit.ended', 'shift', 'visit']],
    ['a list with an empty element beside others', ['visit.ended', ''], ['visit.ended']],
    ['a string set', new Set(['visit.ended', 'shift.created']), ['visit.ended', 'shift.created']],
    ['another letter case', 'Visit.Ended', ['visit.ended']],
    ['the same type twice', ['visit.ended', 'VISIT.ENDED'], ['visit.ended']],
    ['a star', '*', ['*']],
    ['a star in a list', ['*'], ['*']],
    ['nothing at all', undefined, ['*']],
  ])('are understood as %s', (_what, events, expected) => {
    expect(understood({ events }).events).toEqual(expected);
  });

  it.each<[string, unknown, string]>([
    ['NULL', null, 'got NULL'],
    ['empty text', '', 'got an empty text'],
    ['blank text', '  ', 'got an empty text'],
    ['only commas', ',,', 'got ",,"'],
    ['an empty list', [], 'got a list of 0'],
    ['a list of empty text', [''], 'got a list of 1'],
    ['a list with NULL', ['visit.ended', null], 'got a list with NULL in it'],
    ['a list with a number', ['visit.ended', 1], 'got a list with 1 in it'],
    ['a list in a list', [['visit.ended']], 'got a list with a list of 1 in it'],
    ['a number', 7, 'got 7'],
    ['a number set', new Set([1, 2]), 'got a set of 2'],
    ['a boolean', true, 'got true'],
    ['a map', { 'visit.ended': true }, 'got a map'],
    ['binary data', new Uint8Array([1]), 'got binary data'],
    ['a type that the catalogue lacks', 'visit.end', 'use one of visit.created'],
    ['half a pattern', 'visit.*.late', 'is not a pattern'],
  ])('are a problem as %s', (_what, events, says) => {
    const problem = problemOf(row({ events }));
    expect(problem).toContain('events: ');
    expect(problem).toContain(says);
  });
});

describe('url', () => {
  it.each<[string, unknown]>([
    ['blanks around it', '  https://hooks.example.com/in \n'],
    ['the only element of a list', ['https://hooks.example.com/in']],
    ['the only element of a string set', new Set(['https://hooks.example.com/in'])],
  ])('is understood with %s', (_what, url) => {
    expect(understood({ url }).url).toBe('https://hooks.example.com/in');
  });

  it('is used in its normal form', () => {
    expect(understood({ url: 'https://HOOKS.example.com' }).url).toBe('https://hooks.example.com/');
  });

  it.each<[string, unknown]>([
    ['missing', undefined],
    ['NULL', null],
    ['empty', ''],
    ['a number', 443],
    ['a map', { href: 'https://hooks.example.com' }],
    ['two of them', ['https://a.example.com', 'https://b.example.com']],
    ['http', 'http://hooks.example.com/in'],
    ['a private address', 'https://10.0.0.1/in'],
    ['no URL', 'hooks'],
    ['two in one text', 'https://a.example.com, https://b.example.com'],
  ])('is a problem when it is %s', (_what, url) => {
    expect(problemOf(row({ url }))).toMatch(/^url: /);
  });
});

describe('active', () => {
  it.each<[unknown, boolean]>([
    [true, true],
    [false, false],
    ['true', true],
    ['TRUE', true],
    [' True ', true],
    ['false', false],
    ['FALSE', false],
    ['yes', true],
    ['No', false],
    [1, true],
    [0, false],
    ['0', false],
    [undefined, true],
  ])('is understood when it is %j', (active, expected) => {
    expect(understood({ active }).active).toBe(expected);
  });

  it.each<[unknown]>([[null], [''], ['maybe'], [2], [[]], [{}]])('is a problem when it is %j', (active) => {
    expect(problemOf(row({ active }))).toMatch(/^active: expected true or false, got .*; choose one/);
  });
});

describe('format and success', () => {
  it.each<[unknown, string]>([
    ['thin', 'thin'],
    [' Clinic-V1 ', 'clinic-v1'],
    ['CLOUDEVENTS', 'cloudevents'],
    ['clinic_v2', 'clinic-v2'],
    [['resource'], 'resource'],
  ])('format is understood as %j', (format, expected) => {
    expect(understood({ format }).format).toBe(expected);
  });

  it.each<[unknown]>([['json'], [''], [null], [1], [{}]])('format is a problem as %j', (format) => {
    expect(problemOf(row({ format }))).toMatch(/^format: expected one of standard, thin, .*, got .*; choose one/);
  });

  it.each<[string, unknown, string]>([
    ['standard', undefined, '2xx'],
    ['envelope', undefined, '200'],
    ['Envelope', '', '200'],
    ['envelope', '2XX', '2xx'],
    ['standard', 200, '200'],
    ['standard', 200n, '200'],
    ['standard', ' 200 ', '200'],
    ['thin', null, '2xx'],
  ])('with format %s, success %s means %s', (format, success, expected) => {
    expect(understood({ format, success }).success).toBe(expected);
  });

  it.each<[unknown]>([[201], ['3xx'], [{}], [['2xx', '200']]])('success is a problem as %j', (success) => {
    expect(problemOf(row({ success }))).toMatch(/^success: expected 2xx or 200, got /);
  });
});

describe('rate_per_second', () => {
  it.each([
    [1, 1],
    [1000, 1000],
    ['5', 5],
    [' 5 ', 5],
    [null, undefined],
    ['', undefined],
  ])('%j is understood as %s', (rate_per_second, expected) => {
    expect(understood({ rate_per_second }).rate_per_second).toBe(expected);
  });

  it.each([0, -1, 1001, 1.5, '1.5', '5/s', 'slow', true, {}])('%j is a problem', (rate_per_second) => {
    expect(problemOf(row({ rate_per_second }))).toMatch(
      /^rate_per_second: expected a whole number of deliveries a second from 1 to 1000, got /,
    );
  });

  it('under another name is a problem, not no ceiling', () => {
    expect(problemOf(row({ rate_limit: 5 }))).toContain('expected the attribute name rate_per_second');
  });
});

describe('heal_hours', () => {
  it.each([
    [0, 0],
    [120, 120],
    ['48', 48],
    [' 48 ', 48],
    [['48'], 48],
    [null, undefined],
    ['', undefined],
  ])('%j is understood as %s', (heal_hours, expected) => {
    expect(understood({ heal_hours }).heal_hours).toBe(expected);
  });

  it.each([-1, 121, 1.5, '1.5', 'soon', true, {}])('%j is a problem', (heal_hours) => {
    expect(problemOf(row({ heal_hours }))).toMatch(/^heal_hours: expected a whole number of hours from 0 to 120, got /);
  });

  it('under another name is a problem, not a day', () => {
    expect(problemOf(row({ healHours: 0 }))).toContain('expected the attribute name heal_hours');
  });
});

describe('timeout_seconds', () => {
  it.each<[unknown, number]>([
    [1, 1],
    [30, 30],
    ['5', 5],
    [' 5 ', 5],
    ['5.0', 5],
    [2.5, 2.5],
    [5n, 5],
    [null, 10],
    ['', 10],
  ])('is understood as %s', (timeout_seconds, expected) => {
    expect(understood({ timeout_seconds }).timeout_seconds).toBe(expected);
  });

  it.each<[unknown]>([[0], [31], [-5], ['ten'], ['10s'], ['1e1'], [true], [Number.NaN], [{}], [2n ** 80n]])(
    'is a problem as %s',
    (timeout_seconds) => {
      expect(problemOf(row({ timeout_seconds }))).toMatch(
        /^timeout_seconds: expected a number of seconds from 1 to 30/,
      );
    },
  );
});

describe('filter', () => {
  it.each<[unknown]>([
    [{ data: { state: ['running'] } }],
    ['{"data": {"state": ["running"]}}'],
    [{ data: { state: new Set(['running']) } }],
  ])('is understood as a map, as text, and with sets: %j', (filter) => {
    expect(understood({ filter }).filter).toEqual({ data: { state: ['running'] } });
  });

  it.each<[unknown, RegExp]>([
    [null, /^filter: expected a map, or a JSON object as text, got NULL/],
    ['', /^filter: .*got an empty text/],
    ['null', /^filter: .*got "null"/],
    ['state = running', /^filter: .*got "state = running"; mend it, or remove the attribute for no filter\.$/],
    ['{"data": {"state": ["running"]', /^filter: /],
    [['x'], /^filter: .*got a list of 1/],
    [true, /^filter: .*got true/],
    [{ M: { data: { S: 'x' } } }, /^filter: .*DynamoDB JSON/],
    [{ data: { a: [new Uint8Array(1)] } }, /^filter: .*got a map/],
    [{}, /^filter: expected at least one field, got an empty object\.$/],
    [{ data: { state: [] } }, /^filter at \/data\/state: .*got an empty list\.$/],
    [{ data: { state: [{ like: 'x' }] } }, /^filter at \/data\/state\/0: expected one of the operators/],
  ])('is a problem as %j, because ignoring it would send every event', (filter, words) => {
    expect(problemOf(row({ filter }))).toMatch(words);
  });

  it.each(['Filter', 'filters', 'event_pattern', 'fliter'])('is not overlooked when it is called %s', (name) => {
    expect(problemOf(row({ [name]: { type: ['visit.ended'] } }))).toContain('expected the attribute name filter');
  });
});

describe('account', () => {
  it.each<[unknown, string]>([
    ['north', 'north'],
    [' north ', 'north'],
    [42, '42'],
    [['north'], 'north'],
  ])('is understood as %j', (account, expected) => {
    expect(understood({ account }).account).toBe(expected);
  });

  it.each<[unknown]>([[''], [null], ['north wing'], [1.5], [{}], [['north', 'south']]])(
    'is a problem as %j, because ignoring it would send the events of all accounts',
    (account) => {
      expect(problemOf(row({ account }))).toMatch(/^account: expected one account/);
    },
  );

  it('is not overlooked when its name is written otherwise', () => {
    expect(problemOf(row({ Account: 'north' }))).toBe('"Account": expected the attribute name account; rename it.');
  });
});

describe('headers and signature_header', () => {
  it.each<[string, unknown, unknown]>([
    ['a map', { 'X-Tenant': 'a' }, { 'X-Tenant': 'a' }],
    ['a map with numbers and booleans', { 'X-N': 7, 'X-B': true }, { 'X-N': '7', 'X-B': 'true' }],
    ['blanks around names and values', { ' X-Tenant ': ' a ' }, { 'X-Tenant': 'a' }],
    ['a JSON object as a string', '{"X-Tenant":"a"}', { 'X-Tenant': 'a' }],
    ['an empty map', {}, undefined],
    ['NULL', null, undefined],
    ['empty text', '', undefined],
  ])('headers are understood as %s', (_what, headers, expected) => {
    expect(understood({ headers }).headers).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['a list', ['X-Tenant: a']],
    ['a string set', new Set(['X-Tenant'])],
    ['text', 'X-Tenant: a'],
    ['a value that is NULL', { 'X-Tenant': null }],
    ['a value that is a map', { 'X-Tenant': {} }],
    ['a name with a blank inside', { 'X Tenant': 'a' }],
    ['a reserved name', { 'Webhook-Signature': 'forged' }],
    ['a prototype', JSON.parse('{"__proto__":"a"}')],
    ['a value of two lines', { 'X-Tenant': 'a\r\nX-Injected: b' }],
  ])('headers are a problem with %s', (_what, headers) => {
    expect(problemOf(row({ headers }))).toMatch(/^headers/);
  });

  it('never repeats a header’s value, which may be a credential', () => {
    expect(problemOf(row({ headers: { Authorization: 'Bearer s3cret\u0000' } }))).not.toContain('s3cret');
    expect(problemOf(row({ headers: 'Authorization: Bearer s3cret' }))).not.toContain('s3cret');
  });

  it.each<[unknown]>([[' Axle-Signature '], [['Axle-Signature']]])('signature_header is understood as %j', (name) => {
    expect(understood({ signature_header: name }).signature_header).toBe('Axle-Signature');
  });

  it.each<[unknown]>([['webhook-signature'], ['Axle Signature'], [{}], ['Host']])(
    'signature_header is a problem as %j',
    (name) => {
      expect(problemOf(row({ signature_header: name }))).toMatch(/^signature_header: /);
    },
  );

  it('may not name the same header', () => {
    const problem = problemOf(row({ headers: { 'axle-signature': 'x' }, signature_header: 'Axle-Signature' }));
    expect(problem).toMatch(/^signature_header: .*stands in headers too/);
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
