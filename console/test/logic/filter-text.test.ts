import { describe, expect, it } from 'vitest';
import { checkFilter } from '../../../lambdas/domain/subscription/filter/filter.ts';
import { matches } from '../../../lambdas/domain/subscription/matching.ts';
import { anEvent } from '../../../test/support/sender.ts';
import { joinPatterns, patternOptions, typesOf } from '../../src/pages/subscription/event-patterns.ts';
import { filterMeaning, mergeFilters, readFilterText, TEMPLATES } from '../../src/pages/subscription/filter-text.ts';
import { EMPTY, fieldsOf, isSame } from '../../src/pages/subscription/form-fields.ts';
import { changeOf, errorsOf, newSubscription } from '../../src/pages/subscription/form-input.ts';
import { requestLines } from '../../src/pages/subscription/request-lines.ts';
import { aSubscription } from './factories.ts';

describe('a filter in the form', () => {
  it.each([
    ['', true],
    [' \n', true],
    ['{"data": {"a": [1]}}', true],
    ['{"data": ', false],
    ['["a"]', false],
    ['null', false],
    ['"x"', false],
  ])('%j can be sent: %s', (text, isFine) => {
    expect(readFilterText(text).ok).toBe(isFine);
    expect(Object.keys(errorsOf({ ...EMPTY, filter: text }))).toEqual(isFine ? [] : ['filter']);
  });

  it('is sent as the object that it is, left out when there is none, and removed when it is emptied', () => {
    const filter = { data: { a: [1] } };
    const base = fieldsOf(aSubscription({ filter }));

    expect(newSubscription({ ...EMPTY, filter: '{"data": {"a": [1]}}' })).toMatchObject({ filter });
    expect(newSubscription(EMPTY)).not.toHaveProperty('filter');
    expect(changeOf(base, { ...base, filter: ' ' })).toEqual({ filter: null });
    expect(changeOf(base, { ...base, filter: '{"data":{"a":[1]}}' })).toEqual({});
  });

  it('is the same whatever its blanks, and another one with another value', () => {
    expect(filterMeaning('{ "a":\n [1] }')).toBe(filterMeaning('{"a":[1]}'));
    expect(isSame('filter', { ...EMPTY, filter: '{"a":[1]}' }, { ...EMPTY, filter: '{"a":[2]}' })).toBe(false);
  });

  it.each(TEMPLATES.map(({ id, filter }) => [id, filter] as const))(
    'can be begun with the example %s, which the platform understands, alone and beside all others',
    (_id, filter) => {
      expect(checkFilter(filter)).toBeUndefined();
      expect(checkFilter(TEMPLATES.reduce((all, one) => mergeFilters(all, one.filter), filter))).toBeUndefined();
    },
  );

  it('keeps what stood there when a condition is added', () => {
    const before = { type: ['visit.ended'], data: { status: ['ended'] } };

    expect(mergeFilters(before, { data: { status: ['cancelled'], n: [1] } })).toEqual({
      type: ['visit.ended'],
      data: { status: ['ended', 'cancelled'], n: [1] },
    });
    expect(before.data).toEqual({ status: ['ended'] });
  });
});

describe('events to choose', () => {
  const types = [
    { name: 'visit.ended', description: 'A visit has ended' },
    { name: 'visit.note.signed', description: 'A note was signed' },
    { name: 'shift.updated', description: 'A shift was changed' },
  ];
  const valuesOf = (typed: string, chosen: string[] = []): string[] =>
    patternOptions(types, typed, chosen).flatMap(({ options }) => options.map(({ value }) => value));

  it('are everything, all of a service, and each type, found by name and by description', () => {
    expect(valuesOf('')).toEqual(['*', 'shift.*', 'visit.*', 'visit.ended', 'visit.note.signed', 'shift.updated']);
    expect(valuesOf('signed')).toContain('visit.note.signed');
    expect(valuesOf('changed')).toEqual(['shift.updated']);
  });

  it('have beside them a pattern as it was typed, and those that a row has already', () => {
    expect(valuesOf('visit.note.*')).toContain('visit.note.*');
    expect(valuesOf('no pattern!')).toEqual([]);
    expect(valuesOf('', ['gone.*'])).toContain('gone.*');
  });

  it.each([
    ['*', ['*', 'visit.*'], 'visit.*'],
    ['visit.*', ['visit.*', '*'], '*'],
    ['visit.*, shift.*', ['shift.*'], 'shift.*'],
    ['*', [], ''],
  ])('%j and then %j is %j', (before, chosen, after) => {
    expect(joinPatterns(before, chosen)).toBe(after);
  });

  it('stand for types as the platform has it', () => {
    const namesOf = (...patterns: string[]): string[] => typesOf(types, patterns).map(({ name }) => name);

    expect(namesOf('visit')).toEqual(['visit.ended', 'visit.note.signed']);
    expect(namesOf('visit.note.*', 'shift.updated')).toEqual(['visit.note.signed', 'shift.updated']);
    expect(namesOf('*')).toHaveLength(3);
    expect(namesOf('visit.end')).toEqual([]);
  });

  const NAMES = ['visit.ended', 'visit.note.signed', 'visits.ended', 'shift.updated', 'posthorn.endpoint.down'];
  const PATTERNS = ['*', 'visit', 'visit.*', 'visit.note', 'visit.note.*', 'posthorn', 'posthorn.*', 'vis', ...NAMES];

  it.each(PATTERNS)('%j stands for the types that the platform matches by it', (pattern) => {
    const all = NAMES.map((name) => ({ name, description: '' }));
    const platforms = NAMES.filter((type) =>
      matches({ active: true, organization: 'org_1', events: [pattern] }, anEvent({ organization: 'org_1', type })),
    );

    expect(typesOf(all, [pattern]).map(({ name }) => name)).toEqual(platforms);
  });
});

describe('the lines of a request', () => {
  it('are those that will be sent, with what differs in angle brackets', () => {
    const fields = {
      url: 'https://a.example/hooks?tenant=1',
      signing: 'both',
      signatureHeader: 'Axle-Signature',
      headers: [
        { key: 'x-own', value: '1' },
        { key: ' ', value: 'none' },
      ],
    };

    const lines = requestLines(fields, 'application/json');

    expect(lines.slice(0, 4)).toEqual([
      'POST /hooks?tenant=1 HTTP/1.1',
      'host: a.example',
      'x-own: 1',
      'content-type: application/json',
    ]);
    expect(lines.at(-2)).toBe('webhook-signature: v1,<base64> v1a,<base64>');
    expect(lines.at(-1)).toBe('Axle-Signature: t=<seconds since 1970>,v1=<hex>');
    expect(requestLines({ ...fields, url: '', signatureHeader: '' }, 'x')[1]).toBe('host: <host of the URL>');
  });
});
