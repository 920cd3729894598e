import { describe, expect, it } from 'vitest';
import { EMPTY, fieldsOf, isSame, unreadableOf, type Fields } from '../../src/pages/subscription/form-fields.ts';
import { changeOf, errorsOf, newSubscription } from '../../src/pages/subscription/form-input.ts';
import { wholeNumber } from '../../src/ui/whole-number.ts';
import { aSubscription } from './factories.ts';

const header = (key: string, value = 'x') => ({ key, value });

describe('what the form of a subscription sends', () => {
  const base = fieldsOf(aSubscription({ account: 'acc_1', headers: { b: '2', a: '1' } }));

  it('is nothing when nothing was changed', () => {
    expect(changeOf(base, base)).toEqual({});
  });

  it.each<[keyof Fields, Fields[keyof Fields], object]>([
    ['description', 'mine', { description: 'mine' }],
    ['account', '', { account: null }],
    ['url', ' https://other.example/ ', { url: 'https://other.example/' }],
    ['events', 'visit.ended,shift.*', { events: ['visit.ended', 'shift.*'] }],
    ['timeout', '5', { timeout_seconds: 5 }],
    ['rate', '20', { rate_per_second: 20 }],
    ['heal', '0', { heal_hours: 0 }],
    ['signing', 'both', { signing: 'both' }],
    ['success', '', { success: null }],
    ['headers', [], { headers: null }],
    ['headers', [header('b', '2')], { headers: { b: '2' } }],
  ])('is %s alone when that alone was changed to %j', (name, value, change) => {
    expect(changeOf(base, { ...base, [name]: value })).toEqual(change);
  });

  it('does not take the order of headers or patterns for a change', () => {
    const other = { ...base, headers: [header('a', '1'), header('b', '2')], events: ' *, ' };

    expect(changeOf(base, other)).toEqual({});
    expect(isSame('headers', base, other)).toBe(true);
  });

  it('is for a new one what its person gave: a default that nobody chose stays one', () => {
    const mine = { ...EMPTY, organization: 'org_1', url: 'https://a.example/' };

    expect(newSubscription(mine)).toEqual({ organization: 'org_1', url: 'https://a.example/' });
    expect(newSubscription({ ...mine, success: '200', events: 'visit.*', timeout: '5', account: '' })).toEqual({
      organization: 'org_1',
      url: 'https://a.example/',
      success: '200',
      events: ['visit.*'],
      timeout_seconds: 5,
    });
  });

  it('is without a URL only for one that is fetched', () => {
    expect(newSubscription({ ...EMPTY, delivery: 'pull' })).toEqual({ delivery: 'pull' });
    expect(newSubscription({ ...EMPTY, delivery: 'pull', url: 'https://a.example/' })).toMatchObject({
      url: 'https://a.example/',
    });
    expect(newSubscription(EMPTY)).toEqual({ url: '' });
  });

  it('is no URL where deliveries are fetched from now on: its field is not shown', () => {
    const sent = fieldsOf(aSubscription());

    for (const url of ['', 'not one', 'https://other.example/']) {
      expect(changeOf(sent, { ...sent, delivery: 'pull', url })).toEqual({ delivery: 'pull' });
    }
    expect(changeOf({ ...sent, delivery: 'pull', url: '' }, sent)).toEqual({ delivery: 'push', url: sent.url });
  });

  it('shows the format’s own rule where nobody chose one', () => {
    const byFormat = aSubscription({ format: 'envelope', success: '200', defaults: ['active', 'success'] });
    const chosen = aSubscription({ format: 'envelope', success: '200', defaults: ['active'] });

    expect([fieldsOf(byFormat).success, fieldsOf(chosen).success]).toEqual(['', '200']);
  });
});

describe('what the form refuses by itself', () => {
  it.each(['', ' ', '0', '31', '1.5', '-3', '1e1', 'ten'])('is a timeout of %j', (timeout) => {
    expect(errorsOf({ ...EMPTY, timeout }).timeout).toBe('Enter a whole number of seconds from 1 to 30.');
  });

  it.each(['0', '1001', '1.5', '-3', '5/s'])('is a ceiling of %j', (rate) => {
    expect(errorsOf({ ...EMPTY, rate }).rate).toBe('Enter a whole number from 1 to 1000, or nothing for no ceiling.');
  });

  it.each(['-1', '121', '1.5', 'a day'])('is %j hours of trying again', (heal) => {
    expect(errorsOf({ ...EMPTY, heal }).heal).toBe(
      "Enter whole hours from 0 to 120, or nothing for the platform's default.",
    );
  });

  it('is no ceiling that nobody set', () => {
    expect(errorsOf({ ...EMPTY, rate: ' ' })).toEqual({});
  });

  it('is no timeout that was there before and is left alone', () => {
    const base = fieldsOf(aSubscription({ timeout_seconds: 'soon', problem: 'timeout_seconds: …' }));

    expect(errorsOf({ ...base, url: 'https://b.example/' }, base)).toEqual({});
  });

  it('is credentials that were for another origin, and not where deliveries are fetched: the field is not shown', () => {
    const auth = { type: 'bearer', set_at: '2026-01-31T09:15:00.000Z' };
    const base = fieldsOf(aSubscription({ auth }));
    const elsewhere = { ...base, url: 'https://other.example/' };

    expect(errorsOf(elsewhere, base).auth).toContain('They were set for https://customer.example');
    expect(errorsOf({ ...elsewhere, delivery: 'pull' }, base)).toEqual({});
  });

  it('is a header without a name, and one that stands twice in any letter case', () => {
    const headers = [header('X-Tenant'), header(' '), header('x-tenant', 'y'), header('Other')];

    expect(errorsOf({ ...EMPTY, headers }).headers).toEqual([
      undefined,
      'Enter a name, or remove it.',
      'This name is used twice: keep one of the two.',
      undefined,
    ]);
  });
});

describe('a row that somebody broke by hand', () => {
  const broken = aSubscription({
    problem: 'events: expected a list of event types or patterns, got a number.',
    events: 5,
    format: undefined,
    timeout_seconds: 'soon',
    success: undefined,
    account: '',
    headers: 'authorization: Bearer s3cr3t',
  });

  it('fills the form without the word undefined', () => {
    expect(JSON.stringify(fieldsOf(broken))).not.toMatch(/undefined|null|NaN/);
    expect(fieldsOf(broken)).toMatchObject({ format: '', timeout: '', success: '', headers: [] });
  });

  it('is shown beside the fields that cannot hold it, without what may be a credential', () => {
    expect(unreadableOf(broken)).toEqual({
      account: 'an empty value',
      timeout: '"soon"',
      headers: 'something that is no list of names and values',
    });
  });

  it('keeps what was not touched, and loses what the person removes', () => {
    const base = fieldsOf(broken);

    expect(changeOf(base, { ...base, events: '*' }, ['account'])).toEqual({ events: ['*'], account: null });
  });
});

describe('a number in a field', () => {
  it.each([
    ['0', 0],
    ['168', 168],
    [' 24 ', 24],
    ['', undefined],
    ['169', undefined],
    ['2.5', undefined],
    ['-1', undefined],
    ['1e2', undefined],
  ])('%j is %s', (text, value) => {
    expect(wholeNumber(text, { from: 0, to: 168 })).toBe(value);
  });
});
