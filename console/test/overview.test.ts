import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Statistics } from '../src/api/types.ts';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { row, startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
/** Four tries, and until they are counted. */
const PATIENCE_MS = 60_000;
let browser: ConsoleBrowser;
let receiver: Receiver;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
});
afterAll(() => receiver.close());

const customerKey = (organization: string): Promise<string> =>
  posthorn.apiKey({ scopes: ['organization'], organization });

describe('the status of the platform', () => {
  it('stands on every page of staff, and on none of a customer', async () => {
    const staff = await browser.open('/console/catalogue', admin);
    const customer = await browser.open('/console/catalogue', await customerKey(`strip_${process.pid}`));
    const strip = staff.page.getByRole('region', { name: 'Status' });

    await strip.getByText(/^Dead letters: \d+ of customers, \d+ of ours$/).waitFor();
    await strip.getByText(/\d+ held at \d+ endpoints?$/).waitFor();
    await customer.page.getByRole('heading', { name: 'Event catalogue' }).waitFor();

    expect(await customer.page.getByRole('region', { name: 'Status' }).count()).toBe(0);
    expect(customer.requests.filter((url) => url.includes('/v1/status'))).toEqual([]);
    expect([...staff.faults, ...customer.faults]).toEqual([]);
  });
});

describe('the overview', () => {
  it('tells which endpoint needs somebody, and why', async () => {
    const organization = `attention_${process.pid}`;
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/attention') });
    await posthorn.call('POST', `/v1/subscriptions/${id}/pause`);
    const { page } = await browser.open(`/console/overview?organization=${organization}`, admin);

    const endpoint = row(page, receiver.url('/attention'));
    await endpoint.getByText('paused by a person').waitFor();
    await page.getByText('Deliveries that arrived').waitFor();

    expect(await endpoint.getByText('when it is resumed').count()).toBe(1);
  });

  it('counts the endpoints that fail most, also in lists, each with one read', async () => {
    const organization = `failing_${process.pid}`;
    receiver.answer('/failing', () => ({ status: 500, body: '' }));
    for (const path of ['/failing', '/fine']) await posthorn.subscribe({ organization, url: receiver.url(path) });
    await posthorn.publish({ organization, type: 'visit.ended', data: { id: '1' } });
    const counted = async () => {
      const { body } = await posthorn.call<{ total: { tries: { total: number } } }>(
        'GET',
        `/v1/statistics?organization=${organization}`,
      );
      return body.total.tries.total >= 5;
    };
    await waitFor('the count of four tries and one', counted, PATIENCE_MS);
    const { page, requests, faults } = await browser.open(`/console/overview?organization=${organization}`, admin);

    const failing = page.getByRole('table', { name: 'Endpoints that fail most' }).getByRole('row');
    await failing
      .filter({ hasText: receiver.url('/failing') })
      .getByText('4 of 4')
      .waitFor();
    expect(await failing.count()).toBe(2);
    await page.goto(`${posthorn.apiUrl}/console/subscriptions?organization=${organization}`);
    const tries = (path: string) => row(page, receiver.url(path)).getByRole('img', { name: /^Tries over time/ });
    await tries('/fine').waitFor();

    expect(await tries('/failing').getAttribute('aria-label')).toBe('Tries over time: 0 succeeded, 4 failed');
    const reads = requests.filter((url) => url.includes('/v1/statistics?subscription='));
    expect(new Set(reads.map((url) => new URL(url).searchParams.get('subscription'))).size).toBe(2);
    // On each of the two pages, one for each endpoint at most.
    expect(reads.length).toBeLessThanOrEqual(4);
    expect(faults).toEqual([]);

    // On an overview that stays open they are counted anew.
    await page.clock.install();
    await page.goto(`${posthorn.apiUrl}/console/overview?organization=${organization}`);
    await failing.filter({ hasText: receiver.url('/failing') }).waitFor();
    const again = page.waitForRequest((request) => request.url().includes('/v1/statistics?subscription='));
    await page.clock.fastForward('02:01');
    await again;
    // Its clock would stay.
    await page.close();
  });

  it('shows an hour that was the only one with deliveries as a dot that can be seen', async () => {
    const { page } = await browser.open('/console/catalogue', admin);
    await page.route('**/v1/statistics?*', async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as Statistics;
      const duration_ms = { p50: 20, p95: 40, p99: 60, longest: 80 };
      const hour = { ...body.total, duration_ms, lateness_ms: duration_ms, from: body.since };
      await route.fulfill({ response, json: { ...body, data: [hour] } });
    });

    await page.getByRole('link', { name: 'Overview' }).click();

    const dots = page.locator('.charts path:not([d*="L"])');
    await dots.nth(3).waitFor({ state: 'attached' });
    const seen = await dots.evaluateAll((all) => {
      const { getComputedStyle } = globalThis as unknown as { getComputedStyle(one: unknown): Record<string, string> };
      return all.map((one) => getComputedStyle(one)).map(({ strokeWidth, clipPath }) => `${strokeWidth} ${clipPath}`);
    });
    expect(new Set(seen)).toEqual(new Set(['7px none']));
  });

  it('leads a new customer to the first delivery, and stops when there is one', async () => {
    const organization = `new_${process.pid}`;
    const { page, faults } = await browser.open('/console/overview', await customerKey(organization));
    await page.getByText('From nothing to the first delivery').waitFor();
    await page.getByRole('link', { name: 'Set where events are sent' }).waitFor();

    await posthorn.subscribe({ organization, url: receiver.url('/first') });
    await page.getByText('Your address is known.').waitFor();
    await posthorn.publish({ organization, type: 'visit.ended', data: { id: '1' } });

    await page.getByText('From nothing to the first delivery').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  it('leads nobody who may only look to what they may not do', async () => {
    const key = await posthorn.apiKey({
      scopes: ['organization'],
      organization: `overview_looks_${process.pid}`,
      read_only: true,
    });
    const { page, requests } = await browser.open('/console/overview', key);

    await page.getByText('No endpoint needs attention').waitFor();

    expect(requests.filter((url) => url.includes('/v1/subscriptions?limit=2'))).toEqual([]);
    expect(await page.getByText('From nothing to the first delivery').count()).toBe(0);
  });
});
