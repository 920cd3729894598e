import { describe, expect, it } from 'vitest';
import { row, understood, problemOf } from '../rows-by-hand.ts';

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
