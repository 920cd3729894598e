import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { startBrowser, type ConsoleBrowser } from './console.ts';

const posthorn = connect(inject('outputs'));
let browser: ConsoleBrowser;
/** The platform's own admin panel. */
let panel: Receiver;

beforeAll(async () => {
  [browser, panel] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  panel.answer('/', () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Admin panel</h1>' }));
});
afterAll(() => panel.close());

async function link(body: Record<string, unknown> = {}): Promise<string> {
  const made = await posthorn.call<{ url: string }>('POST', '/v1/portal-links', {
    organization: 'portal_org',
    ...body,
  });
  expect(made.status).toBe(201);
  return made.body.url.slice(posthorn.apiUrl.length);
}

describe('a portal link in a browser', () => {
  it('opens one organization’s console, and shows nothing else', async () => {
    const { page, faults, requests } = await browser.open(await link({ return_url: panel.url() }));

    await page.getByText('portal_org', { exact: true }).first().waitFor();
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.getByRole('link', { name: 'API keys' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Audit trail' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
    expect(requests.filter((url) => new URL(url).pathname.includes('phs_') || url.includes('?phs_'))).toEqual([]);
    await page.reload();
    await page.getByText('portal_org', { exact: true }).first().waitFor();
    expect(faults).toEqual([]);

    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'Admin panel' }).waitFor();
  });

  it('says that it was opened before', async () => {
    const path = await link();
    await (await browser.open(path)).page.getByText('portal_org', { exact: true }).first().waitFor();

    const { page } = await browser.open(path);

    await page.getByText('This link has been opened before, or has expired.').waitFor();
    expect(await page.getByLabel('API key').count()).toBe(0);
  });

  it('signs in no other tab', async () => {
    const { page } = await browser.open(await link());
    await page.getByText('portal_org', { exact: true }).first().waitFor();

    const other = await page.context().newPage();
    await other.goto(`${posthorn.apiUrl}/console/events`);

    await other.getByLabel('API key').waitFor();
  });

  it('opens nothing without a token', async () => {
    const { page } = await browser.open('/console/portal');

    await page.getByText('opens nothing by itself').waitFor();
  });
});
