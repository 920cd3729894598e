import { describe, expect, it } from 'vitest';
import { pastedHeaders } from '../../src/pages/subscription/pasted-headers.ts';

describe('headers that somebody pastes', () => {
  it.each([
    ['one a line', 'Webhook-Id: evt_1\nwebhook-timestamp:1790000000'],
    ['with empty lines and blanks', '\n  webhook-id:  evt_1  \r\n\r\n webhook-timestamp : 1790000000\r\n'],
    ['as curl prints them', '> POST /hook HTTP/1.1\n> webhook-id: evt_1\n> webhook-timestamp: 1790000000\n>'],
  ])('are read %s', (_how, text) => {
    expect(pastedHeaders(text)).toEqual({ headers: { 'webhook-id': 'evt_1', 'webhook-timestamp': '1790000000' } });
  });

  it('keep the colons of a value', () => {
    expect(pastedHeaders('host: localhost:3000')).toEqual({ headers: { host: 'localhost:3000' } });
  });

  it('are refused with the first line that is none', () => {
    expect(pastedHeaders('webhook-id: evt_1\n{"id":1}\nand this')).toEqual({ wrong: '{"id":1}' });
    expect(pastedHeaders('webhook-id evt_1')).toEqual({ wrong: 'webhook-id evt_1' });
  });
});
