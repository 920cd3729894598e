import { beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { startBrowser, type ConsoleBrowser } from './console.ts';

const posthorn = connect(inject('outputs'));
const organization = `fetched_${process.pid}`;
let browser: ConsoleBrowser;
let key: string;

beforeAll(async () => {
  key = await posthorn.apiKey({ scopes: ['organization'], organization });
  browser = await startBrowser(posthorn.apiUrl);
});

describe('a subscription that is fetched', () => {
  it('is made without a URL, and says how deliveries get to a server, and how many wait', async () => {
    const { page, faults } = await browser.open('/console/subscriptions/new', key);

    await page.getByRole('button', { name: 'Delivery' }).click();
    await page.getByRole('option', { name: 'Fetched' }).click();
    expect(await page.getByLabel('URL').count()).toBe(0);
    await page.getByLabel('Description').fill('desk of Ada');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('Fetched by its customer').waitFor();

    const id = new URL(page.url()).pathname.split('/').at(-1)!;
    expect(await page.getByText('npx posthorn-receiver listen').first().textContent()).toContain(
      `--subscription ${id}`,
    );
    await posthorn.publish({ organization, type: 'visit.updated', data: { n: 1 } });
    await waitFor('the delivery to wait', async () => {
      const { body } = await posthorn.call<{ health: { held?: { count: number } } }>('GET', `/v1/subscriptions/${id}`);
      return body.health.held?.count === 1;
    });
    await page.reload();
    await page.getByText('1 delivery waits to be fetched').waitFor();
    expect(faults).toEqual([]);
  });
});
