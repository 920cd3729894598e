import { describe, expect, it } from 'vitest';
import { beginsAnew } from '../../../lambdas/domain/subscription/begins-anew.ts';
import type { SubscriptionRow } from '../../../lambdas/domain/subscription/subscription.ts';

const rules = {
  checkUrl: (url: string) =>
    url.startsWith('https://')
      ? ({ ok: true, url: url.toLowerCase() } as const)
      : ({ ok: false, detail: 'https' } as const),
};
const ROW: SubscriptionRow = { organization: 'acme', id: 'sub_1', url: 'https://a.example/' };

describe('an endpoint begins anew', () => {
  it.each<[string, SubscriptionRow, SubscriptionRow]>([
    ['with another URL', {}, { url: 'https://b.example/' }],
    ['with one that can be delivered to, where it was broken', { url: 'htps://a.example/' }, {}],
    ['when its subscription is activated', { active: false }, { active: true }],
    ['when it is activated as people type it', { active: 'No' }, { active: 'yes' }],
    ['when the attribute that switched it off is removed', { active: false }, {}],
  ])('%s', (_, before, after) => {
    expect(beginsAnew({ before: { ...ROW, ...before }, after: { ...ROW, ...after } }, rules)).toBe(true);
  });

  it.each<[string, SubscriptionRow, SubscriptionRow]>([
    ['with the same URL written differently', { url: ' https://A.example/ ' }, {}],
    ['with another description', {}, { description: 'x' }],
    ['when its subscription is switched off', {}, { active: false }],
    ['when it stays off', { active: false }, { active: 'off' }],
    ['when `active` is broken, then mended', { active: 'perhaps' }, { active: true }],
  ])('not %s', (_, before, after) => {
    expect(beginsAnew({ before: { ...ROW, ...before }, after: { ...ROW, ...after } }, rules)).toBe(false);
  });

  it('not when the row is made or deleted', () => {
    expect([beginsAnew({ after: ROW }, rules), beginsAnew({ before: ROW }, rules)]).toEqual([false, false]);
  });
});
