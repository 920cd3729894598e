import { afterEach, beforeEach, expect } from 'vitest';
import type { AuditRecord } from '../../lambdas/domain/audit.ts';
import { startApi, type TestApi } from '../support/api.ts';

export const HEADER_VALUE = 'geheim-7f3a';
export const URL = 'https://hooks.example.com/in';
export let api: TestApi;

/** An API for each test. */
export function startAuditedApi(): void {
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.close());
}

export interface Answers {
  id: string;
  secret: string;
  key: string;
}

export async function subscribe(fields: Record<string, unknown> = {}): Promise<string> {
  const body = { organization: 'acme', url: URL, headers: { 'X-Ward': HEADER_VALUE }, ...fields };
  const answer = await api.call<Answers>('POST', '/v1/subscriptions', { body });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

/** Everything in the trail, oldest first. */
export async function trail(): Promise<AuditRecord[]> {
  const { items } = await api.deps.audit.list({}, { limit: 100 });
  return items.reverse();
}

/** What a call adds to the trail. */
export async function recordsOf(call: () => Promise<{ status: number }>): Promise<AuditRecord[]> {
  const before = (await trail()).length;
  const { status } = await call();
  expect(status).toBeLessThan(300);
  return (await trail()).slice(before);
}

/** What a change is, how it is prepared and called, and the record that it leaves. */
export type AuditedChange = [string, () => Promise<() => Promise<{ status: number }>>, Partial<AuditRecord>];
