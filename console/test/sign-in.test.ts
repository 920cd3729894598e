import { beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { signIn, startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
let browser: ConsoleBrowser;

beforeAll(async () => {
  browser = await startBrowser(posthorn.apiUrl);
});

describe('signing in', () => {
  it.each([
    ['nothing', '', 'Enter an API key.'],
    ['something that is no key', 'secret', 'This key is not valid.'],
    ['a key that does not exist', `phk_${'x'.repeat(43)}`, 'This key is not valid.'],
    ['a key that may only publish', outputs.local!.ProducerApiKey!, 'may only publish events'],
  ])('with %s says why not', async (_what, key, why) => {
    const { page } = await browser.open('/console/subscriptions');
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.locator('form').getByText(why).waitFor();
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
  });

  it('opens the page that the address names, with its filters', async () => {
    const { page } = await browser.open('/console/events?type=visit.ended&range=24');
    await signIn(page, admin);

    await page.getByRole('heading', { name: 'Events', exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe('?type=visit.ended&range=24');
    await page.getByRole('button', { name: /visit.ended/ }).waitFor();
  });

  it('lasts over a reload of the tab, is shared by new ones, and ends with the last of them', async () => {
    const { page } = await browser.openNew('/console/catalogue', admin);
    await page.getByRole('heading', { name: 'Event catalogue' }).waitFor();

    await page.reload();
    await page.getByRole('heading', { name: 'Event catalogue' }).waitFor();
    const context = page.context();
    const other = await context.newPage();
    await other.goto(`${posthorn.apiUrl}/console/events?type=visit.ended`);
    await other.getByRole('heading', { name: 'Events', exact: true }).waitFor();

    expect(new URL(other.url()).search).toBe('?type=visit.ended');
    // Cookies and local storage: what outlives the tab.
    expect(JSON.stringify(await context.storageState())).not.toContain('phk_');
    await Promise.all([page.close(), other.close()]);
    const later = await context.newPage();
    await later.goto(`${posthorn.apiUrl}/console/events`);
    await later.getByLabel('API key').waitFor();
  });

  it('is shared with no other browser, and with no other site', async () => {
    const { page } = await browser.openNew('/console/catalogue', admin);
    await page.getByRole('heading', { name: 'Event catalogue' }).waitFor();

    const { page: stranger } = await browser.open('/console/catalogue');
    await stranger.getByLabel('API key').waitFor();
    const site = await page.context().newPage();
    await site.route('http://elsewhere.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<script>
          const heard = [];
          const channel = new BroadcastChannel('posthorn-session');
          channel.onmessage = ({ data }) => heard.push(data);
          channel.postMessage({ is: 'question', id: 'mine' });
          window.heard = heard;
        </script>`,
      }),
    );
    await site.goto('http://elsewhere.example/');
    const asker = await page.context().newPage();
    await asker.goto(`${posthorn.apiUrl}/console/catalogue`);
    await asker.getByRole('heading', { name: 'Event catalogue' }).waitFor();

    expect(await site.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard)).toEqual([]);
  });

  it('ends in all tabs when somebody signs out in one', async () => {
    const { page } = await browser.openNew('/console/catalogue', admin);
    const other = await page.context().newPage();
    await other.goto(`${posthorn.apiUrl}/console/events`);
    await other.getByRole('heading', { name: 'Events', exact: true }).waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();

    await other.getByText('You were signed out in another tab.').waitFor();
    const third = await page.context().newPage();
    await third.goto(`${posthorn.apiUrl}/console/events`);
    await third.getByLabel('API key').waitFor();
  });

  it('takes what was told along, with what could be undone', async () => {
    const organization = `told_${process.pid}`;
    const { id } = await posthorn.subscribe({ organization, url: 'https://hooks.example.com/told' });
    const { page } = await browser.openNew(`/console/subscriptions/${id}`, admin);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page, await posthorn.apiKey({ scopes: ['support'] }));
    await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();

    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  it('ends when the key is revoked, and says so', async () => {
    const { body } = await posthorn.call<{ id: string; key: string }>('POST', '/v1/api-keys', { scopes: ['admin'] });
    const { page } = await browser.openNew('/console/events', body.key);
    await posthorn.call('DELETE', `/v1/api-keys/${body.id}`);

    // A warm function may know the key for up to 60 s; the page must end at the first refusal.
    await page.route('**/v1/**', (route) =>
      route.fulfill({
        status: 401,
        contentType: 'application/problem+json',
        body: '{"detail":"A valid API key is needed."}',
      }),
    );

    await page.getByText('The API key is not valid').waitFor();
    await page.unroute('**/v1/**');
    await signIn(page, admin);
    await page.getByRole('heading', { name: 'Events', exact: true }).waitFor();
  });

  it('talks to its own API alone', async () => {
    const { page, requests } = await browser.openNew('/console/overview', admin);
    await page.getByRole('heading', { name: 'Endpoints that need attention' }).waitFor();

    const origins = new Set(requests.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).origin));

    expect([...origins]).toEqual([posthorn.apiUrl]);
    expect(requests.filter((url) => url.includes('phk_'))).toEqual([]);
  });
});
