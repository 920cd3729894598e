import { describe, expect, it } from 'vitest';
import { nameOf } from '../../src/pages/subscription/name.ts';
import { agoOf } from '../../src/ui/ago.ts';
import { counted } from '../../src/ui/counted.ts';
import { shown } from '../../src/ui/shown.ts';
import { aSubscription } from './factories.ts';

describe('a number with its noun', () => {
  it.each([
    [0, '0 failures'],
    [1, '1 failure'],
    [2, '2 failures'],
  ])('%d is %s', (count, words) => {
    expect(counted(count, 'failure')).toBe(words);
  });
});

describe('how long ago something was', () => {
  it.each([
    [400, '0 sec. ago'],
    [59_000, '59 sec. ago'],
    [360_000, '6 min. ago'],
    [3 * 3_600_000, '3 hr. ago'],
    [49 * 3_600_000, '2 days ago'],
  ])('%d ms is %s', (ms, words) => {
    expect(agoOf(ms)).toBe(words);
  });
});

describe('what a row edited by hand holds, in words', () => {
  it.each([
    [undefined, 'not set'],
    [null, 'empty'],
    ['', 'empty'],
    [[], '[]'],
    [['visit.*', 'shift.*'], 'visit.*, shift.*'],
    [5, '5'],
    [{ a: 1 }, '{"a":1}'],
  ])('%j is %s', (value, words) => {
    expect(shown(value)).toBe(words);
  });
});

describe('what a subscription is called', () => {
  it('is its description, else where it goes, without what may be secret, else its id', () => {
    const named = [
      { description: ' Billing ' },
      { description: '', url: 'https://customer.example/hook?token=s3cr3t#x' },
      { url: 5 },
    ].map((fields) => nameOf(aSubscription(fields)));

    expect(named).toEqual(['Billing', 'customer.example/hook', 'sub_1']);
  });
});
