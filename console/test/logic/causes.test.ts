import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { causesOf } from '../../src/pages/call/causes.ts';
import { anAttempt } from './factories.ts';

const HEADINGS = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('## '))
  .map((line) => line.slice(3).toLowerCase().replaceAll(' ', '-'));

describe('the common causes of a call', () => {
  it.each([
    ['a status of the endpoint', { outcome: 'failed', status: 500 }, 'by-status'],
    ['a status at the last try', { outcome: 'exhausted', status: 404 }, 'by-status'],
    ['no answer', { outcome: 'failed' }, 'without-a-status'],
    ['a fault of the platform', { outcome: 'held', fault: 'platform' }, 'without-a-status'],
    ['a 2xx that did not count', { outcome: 'failed', status: 204 }, 'by-outcome'],
    ['an endpoint that is down', { outcome: 'held' }, 'by-outcome'],
    ['a 410', { outcome: 'gone', status: 410 }, 'by-outcome'],
    ['a subscription that was switched off', { outcome: 'cancelled' }, 'by-outcome'],
    ['a format that cannot carry it', { outcome: 'skipped' }, 'by-outcome'],
  ] as const)('are told for %s, under a heading that the document has', (_what, fields, heading) => {
    expect(causesOf(anAttempt(fields))?.to).toBe(`troubleshooting#${heading}`);
    expect(HEADINGS).toContain(heading);
  });

  it('are none for a call that was delivered', () => {
    expect(causesOf(anAttempt({ outcome: 'delivered', status: 200 }))).toBeUndefined();
  });
});
