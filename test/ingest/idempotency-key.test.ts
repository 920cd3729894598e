import { expect, it } from 'vitest';
import { idempotencyClaim } from '../../lambdas/ingest/idempotency-key.ts';

const from = { keyId: 'key_1', organization: 'org_1', key: 'k', text: '{}' };

it.each([
  ['API key', { keyId: 'key_2' }],
  ['organization', { organization: 'org_2' }],
  ['key of the client', { key: 'k2' }],
])('is another claim for another %s', (_name, change) => {
  expect(idempotencyClaim({ ...from, ...change }).key).not.toBe(idempotencyClaim(from).key);
});

it('keeps batches apart from the events of every organization, also one called batch', () => {
  const { organization: _organization, ...batch } = from;
  expect(idempotencyClaim(batch).key).not.toBe(idempotencyClaim({ ...from, organization: 'batch' }).key);
});

it('is the same claim with another hash for another body', () => {
  const other = idempotencyClaim({ ...from, text: '{} ' });
  expect(other.key).toBe(idempotencyClaim(from).key);
  expect(other.bodyHash).not.toBe(idempotencyClaim(from).bodyHash);
});
