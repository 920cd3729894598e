import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { chooseEvents, row, startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const own = `customer_${process.pid}`;
const foreign = `stranger_${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;
let key: string;
let foreignId: string;
let foreignEvent: string;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  key = await posthorn.apiKey({ scopes: ['organization'], organization: own });
  const ours = await posthorn.subscribe({ organization: own, url: receiver.url('/ours') });
  foreignId = (await posthorn.subscribe({ organization: foreign, url: receiver.url('/theirs') })).id;
  await posthorn.publish({ organization: own, type: 'visit.created', data: { id: '1' } });
  foreignEvent = (await posthorn.publish({ organization: foreign, type: 'visit.created', data: { id: '2' } })).body.id;
  for (const id of [ours.id, foreignId]) {
    await waitFor('the delivery', async () => (await posthorn.attempts(id)).length > 0);
  }
});
afterAll(() => receiver.close());

describe("a customer's developer", () => {
  it('sees its own subscriptions and events, and no page of administrators', async () => {
    const { page, faults } = await browser.open('/console/subscriptions', key);

    await row(page, '/ours').waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    expect(await page.getByRole('link', { name: 'API keys' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Audit trail' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await row(page, 'visit.created').waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    expect(await page.getByText(foreignEvent).count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it.each([
    ['a subscription', () => `/console/subscriptions/${foreignId}`],
    ['an event', () => `/console/events/${foreignEvent}`],
  ])('gets for %s of somebody else the same words as for one that does not exist', async (_what, path) => {
    const { page } = await browser.open(path(), key);

    await page.getByText('Nothing has this id, or it belongs to another organization.').waitFor();
    expect(await page.getByText(foreign).count()).toBe(0);
  });

  it('is brought to the overview from an address of administrators', async () => {
    const { page } = await browser.open('/console/api-keys', key);

    await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  });

  it('creates a subscription, is told by the API what is wrong, sees its secret and rotates it', async () => {
    const refused = { url: 'https://10.0.0.1/hook', events: 'visit.*' };
    const { body } = await posthorn.call<{ errors: { detail: string }[] }>('POST', '/v1/subscriptions', refused, key);
    const { page } = await browser.open('/console/subscriptions/new', key);

    await page.getByRole('textbox', { name: 'URL', exact: true }).fill(refused.url);
    await chooseEvents(page, refused.events);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText(body.errors[0]!.detail).first().waitFor();
    await page.getByRole('textbox', { name: 'URL', exact: true }).fill(receiver.url('/new'));
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('Ping it to see whether it answers.').waitFor();

    await page.getByRole('button', { name: 'Secret', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Signing secret' });
    expect(await dialog.getByText(/^whsec_/).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Show the secret' }).click();
    await dialog.getByText(/^whsec_/).waitFor();
    await dialog.getByRole('button', { name: 'Rotate the secret' }).click();
    await dialog.getByRole('button', { name: 'Rotate now' }).click();
    await dialog
      .getByText(/^whsec_/)
      .nth(1)
      .waitFor();
    await dialog.getByText('valid until').waitFor();
  });
});
