import { beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
const organization = `purge_${process.pid}`;
let browser: ConsoleBrowser;

beforeAll(async () => {
  browser = await startBrowser(posthorn.apiUrl);
});

const subscriptions = async (): Promise<number> =>
  (await posthorn.call<{ data: unknown[] }>('GET', `/v1/subscriptions?organization=${organization}`)).body.data.length;

describe('an organization that leaves', () => {
  it('is found, counted, and deleted when its name was typed, not before', async () => {
    await posthorn.subscribe({ organization, url: 'https://hooks.example.com/a' });
    const { page, faults } = await browser.open(`/console/find?q=${organization}`, admin);
    await page.getByRole('link', { name: `about ${organization}` }).click();
    await page.getByRole('heading', { name: organization }).waitFor();
    await page.getByText('1 subscription, 0 API keys, 0 events').waitFor();

    await page.getByRole('button', { name: 'Delete everything' }).click();
    const dialog = page.getByRole('dialog');
    const act = dialog.getByRole('button', { name: 'Delete for good' });
    expect(await act.isDisabled()).toBe(true);
    await dialog.getByLabel("Type the organization's name").fill(organization.slice(1));
    expect(await act.isDisabled()).toBe(true);
    expect(await subscriptions()).toBe(1);
    await dialog.getByLabel("Type the organization's name").fill(organization);
    await act.click();

    await page.getByText(/deleted so far/).waitFor();
    await waitFor('the subscription to go', async () => (await subscriptions()) === 0);
    expect(faults).toEqual([]);
  });

  it('is no page for whoever is no administrator', async () => {
    const key = await posthorn.apiKey({ scopes: ['support'] });
    const { page } = await browser.open(`/console/organizations/${organization}`, key);

    await page.getByRole('heading', { name: 'This page does not exist' }).waitFor();
  });
});
