import { describe, expect, it } from 'vitest';
import { row, understood, problemOf } from '../rows-by-hand.ts';

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
