import type { Locator } from 'playwright-core';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { attemptId, type Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { connect } from '../../test/support/posthorn.ts';
import { row, startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const ROWS = 10_000;
/** The one call of another kind: far from the newest. */
const RARE = 7_000;
let browser: ConsoleBrowser;
let subscription: string;

beforeAll(async () => {
  browser = await startBrowser(posthorn.apiUrl);
  const organization = `long_${process.pid}`;
  ({ id: subscription } = await posthorn.subscribe({ organization, url: 'http://127.0.0.1:9/long' }));
  const store = createAttemptStore(posthorn.dynamoDb, posthorn.output('AttemptsTableName'), {
    retentionDays: 30,
    events: undefined,
  });
  const newest = Date.now();
  const attempts = Array.from({ length: ROWS }, (_, i) => attempt(organization, newest - i * 1000, i === RARE));
  expect(await store.append(attempts)).toEqual([]);
});

function attempt(organization: string, at: number, isRare: boolean): Attempt {
  const ids = createIds({ now: () => at, random: Math.random });
  const event_id = ids.event().id;
  return {
    id: attemptId(ids.attempt(), event_id, subscription),
    event_id,
    subscription_id: subscription,
    organization,
    type: 'visit.updated',
    attempt: 1,
    attempted_ms: at,
    outcome: isRare ? 'gone' : 'delivered',
    url: 'http://127.0.0.1:9/long',
    format: 'standard',
    status: isRare ? 410 : 200,
    request_headers: {},
    timings_ms: { total: 12 },
  };
}

describe('a log of 10,000 calls', () => {
  it('shows a page of 50, newest first, and goes through further pages', async () => {
    const { page } = await browser.open(`/console/subscriptions/${subscription}`, outputs.local!.AdminApiKey);
    const calls = page.getByRole('table', { name: 'Attempts' });
    await calls.getByRole('row').nth(50).waitFor();

    expect(await calls.getByRole('row').count()).toBe(51);
    const first = await timesOf(calls);
    expect(first).toEqual([...first].sort().reverse());
    await page.getByRole('button', { name: 'Next page' }).click();
    await calls.locator(`time[datetime="${first.at(-1)}"]`).waitFor({ state: 'detached' });
    const second = await timesOf(calls);
    expect(second[0]! < first.at(-1)!).toBe(true);
    await page.getByRole('button', { name: 'Next page' }).click();
    await page
      .getByRole('button', { name: /Page 3/, exact: false })
      .and(page.locator('[aria-current=true]'))
      .waitFor();
    expect(await calls.getByRole('row').count()).toBe(51);
  });

  it('finds the one call of another outcome among all of them', async () => {
    const { page } = await browser.open(
      `/console/subscriptions/${subscription}?outcome=gone`,
      outputs.local!.AdminApiKey,
    );

    await row(page, '410').waitFor();

    expect(await page.getByRole('table', { name: 'Attempts' }).getByRole('row').count()).toBe(2);
  });
});

/** The times of all rows, as written in the page. */
async function timesOf(calls: Locator): Promise<string[]> {
  const times = await calls.locator('time').all();
  return Promise.all(times.map(async (time) => (await time.getAttribute('datetime')) ?? ''));
}
