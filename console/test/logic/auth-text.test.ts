import { describe, expect, it } from 'vitest';
import {
  authFieldsOf,
  authValue,
  authWords,
  leftOrigin,
  type AuthFields,
} from '../../src/pages/subscription/auth-text.ts';
import { EMPTY, fieldsOf, isSame } from '../../src/pages/subscription/form-fields.ts';
import { changeOf, errorsOf, newSubscription } from '../../src/pages/subscription/form-input.ts';
import { publicKeyOf } from '../../src/pages/subscription/public-key.ts';
import { mayReverse } from '../../src/pages/subscription/reverse.ts';
import { aSubscription } from './factories.ts';

const SET_AT = '2026-01-31T09:15:00.123Z';
const stored = (auth: object = { type: 'basic', username: 'ada', set_at: SET_AT }) => aSubscription({ auth });
const typed = (type: AuthFields['type'], parts: AuthFields['parts']): AuthFields => ({ type, setAt: '', parts });

describe('credentials in the form', () => {
  it.each<[AuthFields, object | null]>([
    [typed('', { token: 't' }), null],
    [typed('basic', { username: ' ada ', password: ' p ' }), { type: 'basic', username: 'ada', password: ' p ' }],
    [typed('bearer', { token: 't', password: 'of another kind' }), { type: 'bearer', token: 't' }],
    [typed('header', { name: 'x-api-key', value: 'v' }), { type: 'header', name: 'x-api-key', value: 'v' }],
    [
      typed('oauth2', { token_url: 'https://t.example/', client_id: 'c', client_secret: 's', scope: ' ' }),
      { type: 'oauth2', token_url: 'https://t.example/', client_id: 'c', client_secret: 's' },
    ],
    [typed('bearer', {}), { type: 'bearer', token: '' }],
  ])('%j are sent as %j', (auth, value) => {
    expect(authValue(auth)).toEqual(value);
  });

  it('stay as they are when nobody touched them, and go when somebody chose none', () => {
    const base = fieldsOf(stored());

    expect(changeOf(base, { ...base, description: 'mine' })).toEqual({ description: 'mine' });
    expect(changeOf(base, { ...base, auth: typed('', {}) })).toEqual({ auth: null });
    expect(changeOf(base, { ...base, auth: typed('bearer', { token: 't' }) })).toEqual({
      auth: { type: 'bearer', token: 't' },
    });
  });

  it('are others when somebody sent the same names at another time', () => {
    const later = fieldsOf(stored({ type: 'basic', username: 'ada', set_at: '2026-02-01T00:00:00.000Z' }));

    expect(isSame('auth', fieldsOf(stored()), later)).toBe(false);
    expect(isSame('auth', fieldsOf(stored()), fieldsOf(stored()))).toBe(true);
  });

  it('are told in words without what is secret', () => {
    expect(authWords(typed('basic', { username: 'ada', password: 's3cr3t' }))).toBe(
      'User name and password (basic), User name ada, newly typed',
    );
    expect(authWords(typed('', {}))).toBe('none');
    expect(authWords(authFieldsOf(stored()))).toContain(SET_AT);
  });

  it('are not sent for one that is fetched', () => {
    const auth = typed('bearer', { token: 't' });

    expect(newSubscription({ ...EMPTY, delivery: 'pull', auth })).toEqual({ delivery: 'pull' });
    expect(newSubscription({ ...EMPTY, auth })).toEqual({ url: '', auth: { type: 'bearer', token: 't' } });
  });

  it.each([
    ['https://customer.example/other', undefined],
    ['https://CUSTOMER.example:443/hook', undefined],
    ['https://customer.example:8443/hook', 'https://customer.example'],
    ['http://customer.example/hook', 'https://customer.example'],
    ['https://other.example/hook', 'https://customer.example'],
    ['no URL', undefined],
  ])('are asked for again at %s: %s', (url, origin) => {
    const base = fieldsOf(stored());

    expect(leftOrigin(base.auth, url, base.url)).toBe(origin);
    expect(errorsOf({ ...base, url }, base).auth !== undefined).toBe(origin !== undefined);
    expect(errorsOf({ ...base, url, auth: typed('bearer', { token: 't' }) }, base)).toEqual({});
  });

  it('that were replaced or removed cannot be taken back; the first can', () => {
    const change = { auth: null };

    expect(mayReverse({ before: stored(), change })).toBe(false);
    expect(mayReverse({ before: stored(), change: { description: 'mine' } })).toBe(true);
    expect(mayReverse({ before: aSubscription(), change: { auth: { type: 'bearer', token: 't' } } })).toBe(true);
  });
});

describe('a secret that the customer has already', () => {
  it('is sent with a new subscription and never with a change', () => {
    const base = fieldsOf(aSubscription());

    expect(newSubscription({ ...EMPTY, secret: ' whsec_x ' })).toEqual({ url: '', secret: 'whsec_x' });
    expect(changeOf(base, { ...base, secret: 'whsec_x' })).toEqual({});
  });
});

describe('a public key', () => {
  it('is that of the JWK in base64 with its padding', () => {
    const bytes = Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - i));

    expect(publicKeyOf(bytes.toString('base64url'))).toBe(`whpk_${bytes.toString('base64')}`);
  });
});
