import { describe, expect, it } from 'vitest';
import type { PosthornEvent } from '../../../../lambdas/domain/event.ts';
import { checkFilter, passesFilter, unmetBy } from '../../../../lambdas/domain/subscription/filter/filter.ts';

// The examples are those of AWS: EventBridge user guide ("Event pattern syntax", "Comparison operators", "Matching null values
// and empty strings") and aws/event-ruler's README, with `detail` called `data`.

const eventWith = (data: string, fields: Partial<PosthornEvent> = {}): PosthornEvent => ({
  id: 'evt_01HZZZZZZZZZZZZZZZZZZZZZZZ',
  organization: 'acme',
  type: 'visit.ended',
  triggering_location: 'API',
  enqueued_ms: 1_700_000_000_000,
  data,
  ...fields,
});

const EC2 = `{"c-count": 5, "d-count": 3, "x-limit": 301.8, "source-ip": "10.0.0.33", "state": "running",
  "instance-id": "i-000000aaaaaa00000", "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-1", "arn:2"]}`;
const NULLS = '{"eventVersion": "", "responseElements": null, "resources": []}';
const EMPLOYEES = `{"employees": [{"firstName": "John", "lastName": "Doe"}, {"firstName": "Anna", "lastName": "Smith"},
  {"firstName": "Peter", "lastName": "Jones"}]}`;
const NESTED = `{"employees": [[{"firstName": "John", "lastName": "Doe"}, {"firstName": "Anna", "lastName": "Smith"}],
  [{"firstName": "Peter", "lastName": "Jones"}]]}`;
const METRIC = '{"metricName": "ReadLatency", "metricType": "MetricType", "namespace": "AWS/Other", "spaceId": 1000}';

const passes = (pattern: unknown, data: string): boolean => passesFilter({ data: pattern }, eventWith(data));

describe("a filter, on EventBridge's documented examples,", () => {
  it.each<[what: string, data: string, pattern: unknown, expected: boolean]>([
    ['one of several values', EC2, { state: ['initializing', 'running'] }, true],
    ['none of the values', EC2, { state: ['initializing'] }, false],
    ['an element of a list', EC2, { resources: ['arn:2'] }, true],
    ['no element of a list', EC2, { resources: ['arn:3'] }, false],
    ['all fields, of which one differs', EC2, { state: ['running'], 'c-count': [6] }, false],
    ['prefix', EC2, { 'instance-id': [{ prefix: 'i-0000' }] }, true],
    ['prefix of something else than text', EC2, { 'c-count': [{ prefix: '5' }] }, false],
    ['prefix, ignoring case', EC2, { state: [{ prefix: { 'equals-ignore-case': 'RUN' } }] }, true],
    ['suffix', EC2, { 'source-ip': [{ suffix: '.33' }] }, true],
    ['suffix, ignoring case', EC2, { state: [{ suffix: { 'equals-ignore-case': 'NING' } }] }, true],
    ['equals, ignoring case', EC2, { state: [{ 'equals-ignore-case': 'Running' }] }, true],
    ['anything-but', EC2, { state: [{ 'anything-but': 'initializing' }] }, true],
    ['anything-but what it is', EC2, { state: [{ 'anything-but': 'running' }] }, false],
    ['anything-but a number', EC2, { 'x-limit': [{ 'anything-but': 123 }] }, true],
    ['anything-but a list of texts', EC2, { state: [{ 'anything-but': ['stopped', 'overloaded'] }] }, true],
    ['anything-but a list with it', EC2, { state: [{ 'anything-but': ['stopped', 'running'] }] }, false],
    ['anything-but a list of numbers', EC2, { 'x-limit': [{ 'anything-but': [100, 200, 301.8] }] }, false],
    ['anything-but a prefix', EC2, { state: [{ 'anything-but': { prefix: 'init' } }] }, true],
    ['anything-but a prefix that it has', EC2, { state: [{ 'anything-but': { prefix: 'run' } }] }, false],
    ['anything-but a suffix that it has', EC2, { state: [{ 'anything-but': { suffix: 'ing' } }] }, false],
    ['anything-but, ignoring case', EC2, { state: [{ 'anything-but': { 'equals-ignore-case': 'RUNNING' } }] }, false],
    ['anything-but several prefixes', EC2, { state: [{ 'anything-but': { prefix: ['init', 'run'] } }] }, false],
    ['anything-but of a field that is not there', EC2, { status: [{ 'anything-but': 'running' }] }, false],
    ['numeric', EC2, { 'c-count': [{ numeric: ['>', 0, '<=', 5] }] }, true],
    ['numeric, not in the range', EC2, { 'c-count': [{ numeric: ['>', 0, '<', 5] }] }, false],
    ['numeric, one limit', EC2, { 'd-count': [{ numeric: ['<', 10] }] }, true],
    ['numeric =, by value', EC2, { 'x-limit': [{ numeric: ['=', 3.018e2] }] }, true],
    ['numeric of a text', EC2, { 'source-ip': [{ numeric: ['>', 0] }] }, false],
    ['exists', EC2, { 'c-count': [{ exists: true }] }, true],
    ['exists, and it does not', EC2, { status: [{ exists: true }] }, false],
    ['exists: false', EC2, { status: [{ exists: false }] }, true],
    ['exists: false, and it does', EC2, { 'c-count': [{ exists: false }] }, false],
    ['exists: false of what is no leaf', '{"c-count": {"c1": 100}}', { 'c-count': [{ exists: false }] }, true],
    ['exists of what is no leaf', '{"c-count": {"c1": 100}}', { 'c-count': [{ exists: true }] }, false],
    ['exists: false below what is not there', EC2, { status: { code: [{ exists: false }] } }, true],
    ['exists: false, or a value', '{}', { state: [{ exists: false }, 'running'] }, true],
    ['exists: false of what one element has', EMPLOYEES, { employees: { firstName: [{ exists: false }] } }, false],
    ['an empty text', NULLS, { eventVersion: [''] }, true],
    ['null', NULLS, { responseElements: [null] }, true],
    ['null is no empty text', NULLS, { responseElements: [''] }, false],
    ['an empty list has no value', NULLS, { resources: [{ exists: false }] }, true],
    ['the word null as text', '{"a": "null"}', { a: [null] }, false],
    ['true', '{"a": true}', { a: [true] }, true],
    ['true as text', '{"a": "true"}', { a: [true] }, false],
    ['digits as they are written', '{"a": 300}', { a: [300] }, true],
    ['300.0 is not 300', '{"a": 300.0}', { a: [300] }, false],
    ['3.0e2 is not 300', '{"a": 3.0e2}', { a: [300] }, false],
    ['a number is no text', '{"a": 300}', { a: ['300'] }, false],
    ['one object of a list', EMPLOYEES, { employees: { firstName: ['Anna'] } }, true],
    ['one object of lists in a list', NESTED, { employees: { firstName: ['Anna'], lastName: ['Smith'] } }, true],
    ['two objects of a list', EMPLOYEES, { employees: { firstName: ['Anna'], lastName: ['Jones'] } }, false],
    ['$or', METRIC, { $or: [{ metricName: ['CPUUtilization', 'ReadLatency'] }, { namespace: ['AWS/EC2'] }] }, true],
    ['$or, of which none holds', METRIC, { $or: [{ metricName: ['X'] }, { namespace: ['AWS/EC2'] }] }, false],
    ['an and inside $or', METRIC, { $or: [{ metricType: ['MetricType'], namespace: ['X'] }, { a: [1] }] }, false],
    [
      '$or inside an and inside $or',
      METRIC,
      {
        $or: [{ metricName: ['X'] }, { metricType: ['MetricType'], $or: [{ metricId: [1234] }, { spaceId: [1000] }] }],
      },
      true,
    ],
    ['a key with a slash and a quotation mark', '{"a/\\"b": 1}', { 'a/"b': [1] }, true],
    ['escaped text by its meaning', '{"a": "\\u0041"}', { a: ['A'] }, true],
    ['a name of every object', '{}', { constructor: [{ exists: true }] }, false],
  ])('%s', (_what, data, pattern, expected) => {
    expect(checkFilter({ data: pattern })).toBeUndefined();
    expect(passes(pattern, data)).toBe(expected);
  });

  it('takes the members of an event beside data', () => {
    const one = eventWith('{}', { account: 'north', resource_id: '28540', triggering_location: 'PATIENT_PORTAL' });
    const wanted = {
      type: [{ prefix: 'visit.' }],
      account: ['north'],
      resource_id: [{ suffix: '40' }],
      triggering_location: ['PATIENT_PORTAL'],
    };

    expect(passesFilter(wanted, one)).toBe(true);
    expect(passesFilter({ ...wanted, account: ['south'] }, one)).toBe(false);
    expect(passesFilter({ account: [{ exists: false }] }, eventWith('{}'))).toBe(true);
  });

  it('takes either of two members, which a field alone could not', () => {
    const wanted = { $or: [{ type: ['shift.created'] }, { data: { urgent: [true] } }] };

    expect(passesFilter(wanted, eventWith('{"urgent": true}'))).toBe(true);
    expect(passesFilter(wanted, eventWith('{"urgent": false}'))).toBe(false);
  });
});

describe('a filter that nobody can mean', () => {
  it.each<[filter: Record<string, unknown>, pointer: string, words: string]>([
    [{}, '', 'at least one field'],
    [{ detail: { a: [1] } }, '/detail', 'expected one of data, type, account'],
    [{ data: { a: [] } }, '/data/a', 'got an empty list'],
    [{ data: {} }, '/data', 'got an empty object'],
    [{ data: { a: 'x' } }, '/data/a', 'expected an object of fields, got "x"'],
    [{ data: { 'a/b~': [{ wildcard: 'x*' }] } }, '/data/a~1b~0/0', 'got "wildcard"'],
    [{ data: { a: [{ cidr: '10.0.0.0/24' }] } }, '/data/a/0', 'operators prefix, suffix'],
    [{ data: { a: [{ constructor: 1 }] } }, '/data/a/0', 'got "constructor"'],
    [{ data: { a: [{ prefix: 'x', suffix: 'y' }] } }, '/data/a/0', 'one operator, got an object with 2 keys'],
    [{ data: { a: [['x']] } }, '/data/a/0', 'got a list of 1'],
    [{ data: { a: [{ prefix: 1 }] } }, '/data/a/0/prefix', 'expected text of at least one character, got 1'],
    [{ data: { a: [{ prefix: '' }] } }, '/data/a/0/prefix', 'at least one character'],
    [{ data: { a: [{ exists: 'true' }] } }, '/data/a/0/exists', 'expected true or false'],
    [{ data: { a: [{ numeric: ['>'] }] } }, '/data/a/0/numeric', 'once or twice'],
    [{ data: { a: [{ numeric: ['>', '0'] }] } }, '/data/a/0/numeric', 'expected a number, got "0"'],
    [{ data: { a: [{ numeric: ['=>', 0] }] } }, '/data/a/0/numeric', 'expected one of = < <= > >='],
    [{ data: { a: [{ numeric: ['>', 5, '<', 5] }] } }, '/data/a/0/numeric', 'a lower limit below the upper one'],
    [{ data: { a: [{ numeric: ['<', 5, '>', 0] }] } }, '/data/a/0/numeric', 'a lower and then an upper limit'],
    [{ data: { a: [{ numeric: ['<', 5e9 + 1] }] } }, '/data/a/0/numeric', 'from -5000000000 to 5000000000'],
    [{ data: { a: [0.0000001] } }, '/data/a/0', 'at most 6 digits'],
    [{ data: { a: [{ 'anything-but': [] }] } }, '/data/a/0/anything-but', 'at least one'],
    [{ data: { a: [{ 'anything-but': ['x', 1] }] } }, '/data/a/0/anything-but', 'only texts or only numbers'],
    [{ data: { a: [{ 'anything-but': null }] } }, '/data/a/0/anything-but', 'expected text, numbers'],
    [{ data: { a: [{ 'anything-but': { exists: true } }] } }, '/data/a/0/anything-but', 'got an object with 1 key'],
    [{ $or: [{ type: ['a.b'] }] }, '/$or', 'at least two objects'],
    [{ $or: { type: ['a.b'] } }, '/$or', 'at least two objects'],
    [{ $or: [{ type: ['a.b'] }, { detail: ['x'] }] }, '/$or/1/detail', 'expected one of data'],
    [{ data: { a: ['x'.repeat(5000)] } }, '', 'at most 4096 bytes'],
    [{ data: { a: Array.from({ length: 51 }, (_, n) => n) } }, '/data/a', 'at most 50 values'],
    [
      { data: { a: { b: { c: { d: { e: { f: { g: { h: [1] } } } } } } } } },
      '/data/a/b/c/d/e/f/g',
      'at most 8 levels of nested objects',
    ],
  ])('%j is refused, and told where and what', (filter, pointer, words) => {
    expect(checkFilter(filter)).toEqual({ pointer, detail: expect.stringContaining(words) as string });
    expect(passesFilter(filter, eventWith(EC2))).toBe(false);
  });
});

describe('what an event lacks', () => {
  it.each<[filter: Record<string, unknown>, pointers: string[]]>([
    [{ data: { state: ['running'] } }, []],
    [{ data: { state: ['stopped'], 'c-count': [5] } }, ['/data/state']],
    [{ type: ['shift.created'], data: { state: ['stopped'] } }, ['/type', '/data/state']],
    [{ data: { 'a/b': { c: [1] } } }, ['/data/a~1b/c']],
    [{ $or: [{ type: ['shift.created'] }, { data: { state: ['stopped'] } }] }, ['/type', '/data/state']],
    [{ $or: [{ type: ['shift.created'] }, { data: { state: ['running'] } }] }, []],
  ])('is told by its place: %j', (filter, pointers) => {
    expect(unmetBy(filter, eventWith(EC2)).sort()).toEqual([...pointers].sort());
  });

  it('is the list, when each field holds but not in one object', () => {
    const wanted = { data: { employees: { firstName: ['Anna'], lastName: ['Jones'] } } };

    expect(unmetBy(wanted, eventWith(EMPLOYEES))).toEqual(['/data/employees']);
  });
});
