import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAST_SETTINGS, startPosthorn, type OwnPosthorn } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { startBrowser, type ConsoleBrowser } from './console.ts';

// The whole platform below a path of a domain name that API Gateway has already, and the console there.

const BASE = '/clinic/webhooks';
let posthorn: OwnPosthorn;
let receiver: Receiver;
let browser: ConsoleBrowser;
let admin: string;

beforeAll(async () => {
  posthorn = await startPosthorn({
    isShared: true,
    settings: {
      ...FAST_SETTINGS,
      POSTHORN_DOMAIN_NAME: 'api.example.com',
      POSTHORN_BASE_PATH: BASE.slice(1),
    },
  });
  admin = posthorn.outputs.local!.AdminApiKey!;
  receiver = await startReceiver();
  browser = await startBrowser(posthorn.apiUrl);
});
afterAll(async () => {
  await posthorn?.close();
  await receiver?.close();
});

describe('a Posthorn below a path', () => {
  it('takes and delivers events there, and nowhere else', async () => {
    const { id } = await posthorn.subscribe({ organization: 'org_below', url: receiver.url('/below') });

    const { status } = await posthorn.publish({ organization: 'org_below', type: 'visit.ended', data: { id: 'v1' } });
    const atRoot = await fetch(new URL('/v1/me', posthorn.apiUrl), { headers: { authorization: `Bearer ${admin}` } });
    await waitFor('the delivery', async () => (await posthorn.attempts(id)).length === 1);

    expect(new URL(posthorn.apiUrl).pathname).toBe(BASE);
    expect([status, atRoot.status]).toEqual([202, 404]);
  });

  it('has its console there: pages, files, links and addresses', async () => {
    const { page, faults, requests } = await browser.open('', admin);
    await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();

    await page.getByRole('link', { name: 'Subscriptions' }).first().click();
    await page.getByRole('heading', { name: 'Subscriptions' }).waitFor();
    const list = new URL(page.url()).pathname;
    await page.getByRole('link', { name: 'Event catalogue' }).click();
    await page.getByRole('heading', { name: 'Event catalogue' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Event catalogue' }).waitFor();

    expect([list, new URL(page.url()).pathname]).toEqual([
      `${BASE}/console/subscriptions`,
      `${BASE}/console/catalogue`,
    ]);
    expect(requests.map((url) => new URL(url).pathname).filter((path) => !path.startsWith(BASE))).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('leads back from the organization’s own sign-in to the page that was asked for', async () => {
    const { page } = await browser.open('/console/deliveries?outcome=failed');
    await page.route('**/v1/sign-in/methods', (route) => route.fulfill({ json: { oidc: true } }));
    await page.reload();

    const link = page.getByRole('link', { name: 'Sign in with your organization' });

    const back = encodeURIComponent('/console/deliveries?outcome=failed');
    expect(await link.getAttribute('href')).toBe(`${BASE}/v1/sign-in?back=${back}`);
  });

  it('opens a portal link there', async () => {
    const { body } = await posthorn.call<{ url: string }>('POST', '/v1/portal-links', { organization: 'org_below' });

    const { page } = await browser.open(body.url.slice(posthorn.apiUrl.length));
    await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();

    expect(new URL(page.url()).pathname).toBe(`${BASE}/console/overview`);
  });

  it('has its documents there, whose links lead to each other', async () => {
    const { page } = await browser.open('/docs');
    await page.getByRole('link', { name: 'Receiving webhooks' }).first().click();

    await page.getByRole('heading', { name: 'Receiving webhooks' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`${BASE}/docs/receivers`);
  });
});
