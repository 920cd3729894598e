import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const organization = `bodies_${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;
let key: string;
let id: string;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  key = await posthorn.apiKey({ scopes: ['organization'], organization });
  receiver.answer('/bodies', (n) => ({ status: n === 1 ? 500 : 404, body: `{"tries":${n},"of":4}` }));
  ({ id } = await posthorn.subscribe({ organization, url: receiver.url('/bodies') }));
  const lines = Array.from({ length: 20 }, (_, number) => ({ number, text: `line ${number}` }));
  await posthorn.publish({ organization, type: 'visit.ended', data: { big: 9_007_199_254_740_991, lines } });
  await waitFor('the tries', async () => (await posthorn.attempts(id)).some(({ outcome }) => outcome === 'exhausted'));
});
afterAll(() => receiver.close());

describe('a body', () => {
  it('is folded, searched, and seen raw', async () => {
    const [call] = await posthorn.attempts(id);
    const { page, faults } = await browser.open(`/console/subscriptions/${id}?call=${call!.id}`, key);
    const body = page.getByLabel('request body', { exact: true });
    await body.getByText('"line 19"').waitFor();

    await page.getByRole('button', { name: 'Fold all: request body', exact: true }).click();
    await body.getByText('"line 19"').waitFor({ state: 'detached' });
    await page.getByLabel('Search in request body').fill('LINE 1');
    await page.getByText('11 found').waitFor();
    expect(await body.locator('mark').count()).toBe(11);
    await page.getByLabel('Search in request body').fill('');
    await body.getByText('"line 19"').waitFor({ state: 'detached' });
    await body
      .getByRole('button', { name: /^Unfold line/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Raw: request body' }).click();

    expect(await body.textContent()).toBe(receiver.requests('/bodies')[0]!.body);
    expect(faults).toEqual([]);
  });
});

describe('two tries of a delivery', () => {
  it('are compared: only what differs, the earlier one first, bodies line by line', async () => {
    const tries = (await posthorn.attempts(id)).toSorted((a, b) => a.attempt - b.attempt);
    const { page, faults } = await browser.open(`/console/subscriptions/${id}?call=${tries[3]!.id}`, key);

    await page.getByRole('button', { name: `Compare with the try of ${tries[0]!.attempted_at}` }).click();

    const compared = page.getByRole('region', { name: 'What differs between two tries' });
    await compared.getByText('500', { exact: true }).waitFor();
    expect(await compared.locator('.changed > div:first-child').allTextContents()).toEqual(
      expect.arrayContaining(['Outcome', 'Status', 'Request header webhook-timestamp', 'Response body']),
    );
    expect(await compared.getByText('Request body').count()).toBe(0);
    const lines = await compared.getByLabel('Response body, compared').textContent();
    expect(lines).toContain('-   "tries": 1,\n+   "tries": 4,\n    "of": 4');
    expect(faults).toEqual([]);
  });
});

/** Where what is there begins, pixels from above. */
const topsOf = (which: Locator): Promise<number[]> =>
  which.evaluateAll((all) =>
    (all as unknown as { getBoundingClientRect(): { top: number } }[]).map((one) => one.getBoundingClientRect().top),
  );

describe('a call whose other tries come late', () => {
  it('shows what was sent where it stays: nothing is pushed from under a pointer', async () => {
    const [call] = await posthorn.attempts(id);
    const { page } = await browser.open(`/console/subscriptions/${id}`, key);
    const others = Promise.withResolvers<void>();
    await page.route(/\/v1\/attempts\?.*event=/, async (route) => {
      await others.promise;
      await route.continue();
    });
    await page.locator(`[data-call="${call!.id}"] a`).click();
    await page.getByText('Loading all tries').waitFor();
    const fold = page.getByRole('button', { name: 'Fold all: request body', exact: true });
    const before = await topsOf(fold);

    others.resolve();

    await page.getByRole('table', { name: 'All tries of this delivery' }).getByRole('row').nth(4).waitFor();
    await fold.waitFor();
    const [after] = await topsOf(fold);
    expect(before.filter((top) => top !== after)).toEqual([]);
  });

  it('shows what was sent before them when they have to be asked for again', async () => {
    const [call] = await posthorn.attempts(id);
    const { page } = await browser.open(`/console/subscriptions/${id}`, key);
    await page.route(/\/v1\/attempts\?.*event=/, (route) =>
      route.fulfill({ status: 429, headers: { 'retry-after': '30' }, body: '{"detail":"Too many."}' }),
    );

    await page.locator(`[data-call="${call!.id}"] a`).click();

    await page.getByRole('button', { name: 'Fold all: request body', exact: true }).waitFor({ timeout: 10_000 });
    expect(await page.getByText('Loading all tries').count()).toBe(1);
  });
});
