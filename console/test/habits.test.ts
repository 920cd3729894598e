import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { goTo, row, startBrowser, type ConsoleBrowser } from './console.ts';

/** Bytes that a first visit may load, compressed, until the first page stands. */
const INITIAL_LOAD = 400 * 1024;

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
const organization = `habits_${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;
let id: string;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  ({ id } = await posthorn.subscribe({ organization, url: receiver.url('/habits'), description: 'Habits' }));
  await posthorn.publish({ organization, type: 'visit.ended', data: { id: '1' } });
  await waitFor('the delivery', async () => (await posthorn.attempts(id)).length > 0);
});
afterAll(() => receiver.close());

describe('the console', () => {
  it('loads at most 400 KB, compressed, until the overview stands, under a policy without exceptions', async () => {
    const { page, faults } = await browser.openNew('/', admin);
    await page.getByRole('heading', { name: 'Endpoints that need attention' }).waitFor();
    await page.getByText('Succeeded').first().waitFor();

    const files = await page.evaluate(() =>
      (performance.getEntriesByType('resource') as unknown as { name: string; encodedBodySize: number }[])
        .filter(({ name }) => name.includes('/console/'))
        .map(({ encodedBodySize }) => encodedBodySize),
    );
    const answer = await fetch(`${posthorn.apiUrl}/console/overview`);

    expect(files.length).toBeGreaterThan(3);
    expect(files.reduce((sum, size) => sum + size, 0)).toBeLessThan(INITIAL_LOAD);
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(faults).toEqual([]);
  });

  it('keeps filters and the chosen call in the address, so that it can be shared and gone back to', async () => {
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);
    await page.getByRole('button', { name: /Any time/ }).click();
    await page.getByRole('option', { name: 'Last hour' }).click();
    await row(page, 'visit.ended').getByRole('link').click();
    await page.getByLabel('request body', { exact: true }).waitFor();
    const shared = page.url();

    const second = await browser.open(shared.slice(posthorn.apiUrl.length), admin);
    await second.page.getByLabel('request body', { exact: true }).waitFor();
    await second.page.getByRole('button', { name: /Last hour/ }).waitFor();
    await page.goBack();

    expect(new URL(shared).searchParams.get('range')).toBe('1');
    await page.getByLabel('request body', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /Last hour/ }).waitFor();
  });

  it('shows new calls by itself', async () => {
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);
    await row(page, 'visit.ended').first().waitFor();

    await posthorn.publish({ organization, type: 'shift.updated', data: { id: '2' } });

    await row(page, 'shift.updated').waitFor();
  });

  it('goes where a person goes who left a filter half typed', async () => {
    const { page } = await browser.openNew(`/console/subscriptions?organization=${organization}`, admin);
    await row(page, organization).first().waitFor();
    await page.clock.install();
    // The next page is slow to come, so that the filter would be written meanwhile.
    const slow = Promise.withResolvers<void>();
    await page.route('**/assets/catalogue-*.js', async (route) => {
      await slow.promise;
      await route.continue();
    });
    await page.getByLabel('Organization').fill('nobody');

    await page.getByRole('link', { name: 'Event catalogue' }).click();
    await page.clock.runFor(1000);
    slow.resolve();

    await page.getByRole('heading', { name: 'Event catalogue' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/catalogue');
    // Its clock would stay.
    await page.close();
  });

  it('takes a deactivation back', async () => {
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Deactivate', exact: true }).click();
    await page.getByText('inactive').first().waitFor();

    await page.getByRole('button', { name: 'Undo' }).click();

    await page.getByRole('button', { name: 'Deactivate' }).waitFor();
    expect((await posthorn.call('GET', `/v1/subscriptions/${id}`)).body.active).toBe(true);
  });

  it('says before a replay that an inactive subscription gets nothing', async () => {
    const made = await posthorn.subscribe({ organization, url: receiver.url('/inactive'), active: false });
    const { page } = await browser.open(`/console/replays?subscription=${made.id}`, admin);

    await page.getByText('The subscription is inactive, so nothing would be sent.').waitFor();

    expect(await page.getByRole('button', { name: 'Replay', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'Activate it' }).click();
    await page.getByRole('button', { name: 'Activate', exact: true }).waitFor();
  });

  it('asks before it deletes, and does nothing when the answer is no', async () => {
    const made = await posthorn.subscribe({ organization, url: receiver.url('/short-lived') });
    const { page } = await browser.open(`/console/subscriptions/${made.id}`, admin);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect((await posthorn.call('GET', `/v1/subscriptions/${made.id}`)).status).toBe(200);

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText(`Deleted ${receiver.url('/short-lived')}.`).waitFor();

    expect((await posthorn.call('GET', `/v1/subscriptions/${made.id}`)).status).toBe(404);
  });

  it('goes from the sign-in to a call by keyboard alone', async () => {
    const { page } = await browser.open(`/console/subscriptions/${id}`);
    await page.getByLabel('API key').waitFor();
    await page.keyboard.type(admin);
    await page.keyboard.press('Enter');
    const call = row(page, 'visit.ended').first().getByRole('link');
    await call.waitFor();

    const wanted = await call.getAttribute('href');
    let focused: string | null = null;
    for (let tabs = 0; tabs < 60 && focused !== wanted; tabs++) {
      await page.keyboard.press('Tab');
      focused = await page.locator(':focus').getAttribute('href');
    }
    await page.keyboard.press('Enter');

    await page.getByLabel('request body', { exact: true }).waitFor();
  });

  it('makes an API key, shows it once, and revokes it', async () => {
    const { page } = await browser.open('/console/api-keys', admin);
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Organization' }).fill(organization);
    await dialog.getByRole('textbox', { name: 'Description' }).fill('for the tests');
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    const key = await dialog.getByLabel('API key', { exact: true }).innerText();
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    expect((await posthorn.call('GET', '/v1/me', undefined, key)).body).toMatchObject({ organization });

    await row(page, 'for the tests')
      .getByRole('button', { name: /Revoke/ })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();

    await row(page, 'for the tests').getByText('revoked').waitFor();
    await page.getByRole('link', { name: 'Audit trail' }).click();
    await row(page, 'api_key.revoked').first().waitFor();
  });

  it('makes a key for support, which sees neither payloads nor secrets, and shows who did what', async () => {
    const owner = `${organization}_support`;
    const { id: own } = await posthorn.subscribe({ organization: owner, url: receiver.url('/support') });
    const published = await posthorn.publish({ organization: owner, type: 'visit.ended', data: { note: 'ill' } });
    const event = published.body.id;
    await waitFor('the delivery', async () => (await posthorn.attempts(own)).length > 0);
    const { page } = await browser.open('/console/api-keys', admin);
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /Scope/ }).click();
    await page.getByRole('option', { name: /support/ }).click();
    await dialog.getByRole('textbox', { name: 'Description' }).fill('Ada of support');
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    const key = await dialog.getByLabel('API key', { exact: true }).innerText();
    await dialog.getByRole('button', { name: 'I have copied it' }).click();

    const support = await browser.open(`/console/events/${event}`, key);
    await support.page.getByText('Not shown to this key').waitFor();
    const ping = support.page.getByRole('button', { name: 'Ping' });
    await goTo(support.page, `/console/subscriptions/${own}`, ping);
    expect(await support.page.getByRole('button', { name: 'Secret' }).count()).toBe(0);
    expect(await support.page.getByRole('link', { name: 'API keys' }).count()).toBe(0);
    await posthorn.call('PATCH', `/v1/subscriptions/${own}`, { description: 'new words' }, key);

    await goTo(page, `/console/audit?object=${own}`, page.getByRole('heading', { name: 'Audit trail' }));
    const change = row(page, 'subscription.changed');
    await change.getByText('description: – → new words').waitFor();
    await change.getByText('Ada of support').waitFor();
  });
});
