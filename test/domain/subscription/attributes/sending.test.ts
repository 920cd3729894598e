import { describe, expect, it } from 'vitest';
import { row, understood, problemOf } from '../rows-by-hand.ts';

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
