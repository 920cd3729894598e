import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { newNumber } from '../../test/support/new-number.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { row, startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const number = newNumber();
const admin = outputs.local!.AdminApiKey!;
/** As support hears them: `South Clinic 7`, `North Clinic 7`. */
const south = `South_Clinic-${number}`;
const north = `North_Clinic-${number}`;
const visit = `28540${number}`;
let browser: ConsoleBrowser;
let receiver: Receiver;
let event: string;
let broken: string;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  receiver.answer('/south/old', () => ({ status: 404, body: 'no such tenant' }));
  ({ id: broken } = await posthorn.subscribe({ organization: south, url: receiver.url('/south/old') }));
  await posthorn.subscribe({ organization: south, url: receiver.url('/south/new') });
  await posthorn.subscribe({ organization: north, url: receiver.url('/north'), description: 'Night shift desk' });
  for (const organization of [south, north]) {
    const { body } = await posthorn.publish({
      organization,
      type: 'visit.ended',
      resource_id: visit,
      data: { id: visit },
    });
    if (organization === south) event = body.id;
  }
  await waitFor('the last try', async () =>
    (await posthorn.attempts(broken)).some(({ outcome }) => outcome === 'exhausted'),
  );
});
afterAll(() => receiver.close());

describe('the box at the top', () => {
  it('finds what became of a visit by its number alone, in three steps at the keyboard', async () => {
    const { page, faults } = await browser.open('/console/overview', admin);
    await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type(visit);
    await page.keyboard.press('Enter');
    const found = page.getByRole('table', { name: 'Deliveries of this resource' });
    await found.getByText('status 404').waitFor();
    expect(await found.getByRole('row').count()).toBe(4);
    await row(page, 'status 404').getByRole('link', { name: 'visit.ended' }).click();

    await page.getByText('no such tenant').waitFor();
    expect(faults).toEqual([]);
  });

  it('takes the organization as it is spoken beside the number', async () => {
    const { page } = await browser.open('/console/overview', admin);

    await page.getByRole('searchbox', { name: 'Find' }).fill(`${south.replace('_', ' ').toLowerCase()} ${visit}`);
    await page.keyboard.press('Enter');

    const found = page.getByRole('table', { name: 'Deliveries of this resource' });
    await found.getByText('status 404').waitFor();
    expect(await found.getByText(north).count()).toBe(0);
  });

  it.each([
    ['an event', () => event, () => `/console/events/${event}`],
    ['a line of a log', () => `got webhook-id: ${event}, answered 404`, () => `/console/events/${event}`],
    ['a subscription', () => broken, () => `/console/subscriptions/${broken}`],
  ])('goes to the page of %s at once', async (_what, text, path) => {
    const { page } = await browser.open('/console/catalogue', admin);
    await page.getByRole('searchbox', { name: 'Find' }).fill(text());

    await page.keyboard.press('Enter');

    await page.waitForURL((url) => url.pathname === path());
  });

  it('finds subscriptions by any part, and organizations, and is left by arrows', async () => {
    const { page } = await browser.open(`/console/find?q=${encodeURIComponent('night SHIFT')}`, admin);
    const answers = page.getByRole('list', { name: 'Subscriptions' });
    await answers.getByText(north, { exact: false }).waitFor();

    await page.getByRole('searchbox', { name: 'Find' }).fill(south.replace('_', ' '));
    await page.getByRole('list', { name: 'Organizations' }).getByRole('link', { name: south, exact: true }).waitFor();
    await page.getByRole('table', { name: 'What failed there lately' }).waitFor();
    await page.getByRole('searchbox', { name: 'Find' }).press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const wanted = await page.locator('[data-answers] a').nth(1).getAttribute('href');
    expect(await page.locator(':focus').getAttribute('href')).toBe(wanted);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');

    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Find');
  });

  it('says so when nothing fits', async () => {
    const { page } = await browser.open('/console/find?q=nothing-like-it', admin);

    await page.getByText('Nothing was found').waitFor();
  });

  it('shows a customer its own alone', async () => {
    const key = await posthorn.apiKey({ scopes: ['organization'], organization: north });
    const { page } = await browser.open(`/console/find?q=${visit}`, key);

    await page.getByRole('table', { name: 'Deliveries of this resource' }).getByText('status 200').waitFor();

    expect(await page.getByText('status 404').count()).toBe(0);
  });
});

describe('the choice of an organization', () => {
  it('offers those whose name holds what was typed', async () => {
    const { page } = await browser.open('/console/subscriptions', admin);
    await page.getByRole('combobox', { name: 'Organization' }).fill(`clinic ${number}`);

    await page.getByRole('option', { name: south }).click();

    await row(page, receiver.url('/south/old')).waitFor();
    await row(page, receiver.url('/north')).waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('organization')).toBe(south);
  });
});
