import { describe, expect, it } from 'vitest';
import {
  credentialsFor,
  markOf,
  readCredentials,
  readMark,
  viewMark,
  wrongOrigin,
  type AuthMark,
  type StoredCredentials,
} from '../../../lambdas/domain/subscription/auth.ts';

const REF = 'crd_01KGA0B7FVZ6Q2M4N8P0R2T4V6';
const ORIGIN = 'https://hooks.example.com';
const SET_AT = '2026-01-31T09:15:00.000Z';
const BASIC: StoredCredentials = { type: 'basic', username: 'posthorn', password: 's3cret', origin: ORIGIN };

const CASES: [StoredCredentials, Record<string, string>][] = [
  [BASIC, { username: 'posthorn' }],
  [{ type: 'bearer', token: 's3cret', origin: ORIGIN }, {}],
  [{ type: 'header', name: 'X-Api-Key', value: 's3cret', origin: ORIGIN }, { name: 'X-Api-Key' }],
  [
    { type: 'oauth2', token_url: `${ORIGIN}/t`, client_id: 'a', client_secret: 's3cret', scope: 'x', origin: ORIGIN },
    { token_url: `${ORIGIN}/t`, client_id: 'a', scope: 'x' },
  ],
];

describe('what a row says of its credentials', () => {
  it.each(CASES)('is type, names and time, never the secret: $type', (credentials, names) => {
    const mark = markOf(credentials, REF, SET_AT);

    expect(JSON.stringify(mark)).not.toContain('s3cret');
    expect(viewMark(mark)).toEqual({ type: credentials.type, set_at: SET_AT, ...names });
    expect(readMark(mark)).toEqual({ mark });
    expect(readMark(JSON.stringify(mark))).toEqual({ mark });
  });

  it.each([undefined, null, '', '  '])('is nothing for %j', (value) => {
    expect(readMark(value)).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['text', 'Bearer s3cret'],
    ['a number', 5],
    ['a list', ['s3cret']],
    ['an unknown type', { ...markOf(BASIC, REF, SET_AT), type: 'digest' }],
    ['a ref that is none', { ...markOf(BASIC, REF, SET_AT), ref: '__proto__' }],
    ['no origin', { ...markOf(BASIC, REF, SET_AT), origin: undefined }],
    ['a header without its name', { ...markOf(BASIC, REF, SET_AT), type: 'header' }],
    ['further names', { ...markOf(BASIC, REF, SET_AT), note: 's3cret' }],
    ['a password', { ...markOf(BASIC, REF, SET_AT), password: 's3cret' }],
    ['a token in capitals', { type: 'bearer', Token: 's3cret' }],
    ['a map in a map', { type: 'bearer', inner: { token: 's3cret' } }],
  ])('is refused without being quoted: %s', (_what, value) => {
    const read = readMark(value);

    expect(read).toHaveProperty('wrong', expect.stringMatching(/^auth: expected .*; remove the attribute/));
    expect(JSON.stringify(read)).not.toContain('s3cret');
  });
});

describe('credentials', () => {
  const mark = markOf(BASIC, REF, SET_AT);
  const url = `${ORIGIN}/in?a=1`;

  it('are those that the row names, at any path of their origin', () => {
    expect(credentialsFor(mark, { [REF]: BASIC }, url)).toBe(BASIC);
    expect(wrongOrigin(mark, url)).toBeUndefined();
  });

  it.each<[string, AuthMark, Record<string, StoredCredentials> | undefined, string]>([
    ['to another host', mark, { [REF]: BASIC }, 'https://evil.example.com/in'],
    ['to another port', mark, { [REF]: BASIC }, 'https://hooks.example.com:8443/in'],
    ['without TLS', mark, { [REF]: BASIC }, 'http://hooks.example.com/in'],
    [
      'to a host that the row says they are for',
      { ...mark, origin: 'https://evil.example.com' },
      { [REF]: BASIC },
      'https://evil.example.com/',
    ],
    ['in another way', { ...mark, type: 'bearer' }, { [REF]: BASIC }, url],
    ['of another change', { ...mark, ref: 'crd_01KGA0B7FVZ6Q2M4N8P0R2T4V7' }, { [REF]: BASIC }, url],
    ['that are not there', mark, undefined, url],
  ])('are never sent %s', (_what, asked, stored, to) => {
    expect(credentialsFor(asked, stored, to)).toBeUndefined();
  });

  it('typed wrongly into the table of secrets count as none', () => {
    expect(readCredentials({ [REF]: BASIC, note: 'x' })).toEqual({ [REF]: BASIC });
    for (const stored of [
      'x',
      null,
      [],
      { [REF]: 'x' },
      { [REF]: { ...BASIC, password: 5 } },
      { [REF]: { type: 'basic' } },
    ])
      expect(readCredentials(stored)).toBeUndefined();
  });
});
