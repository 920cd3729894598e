import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { goTo, startBrowser, type ConsoleBrowser } from './console.ts';

const posthorn = connect(inject('outputs'));
const organization = `credentials_${process.pid}`;
const OWN_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
let browser: ConsoleBrowser;
let receiver: Receiver;
let other: Receiver;
let key: string;

beforeAll(async () => {
  [browser, receiver, other] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver(), startReceiver()]);
  key = await posthorn.apiKey({ scopes: ['organization'], organization });
});
afterAll(() => Promise.all([receiver.close(), other.close()]));

/** What the form offers for each kind, what is typed, and what the API says of it afterwards. */
const KINDS = [
  ['User name and password', { 'User name': 'ada', Password: 'pa ss-1' }, { type: 'basic', username: 'ada' }],
  ['Token (bearer)', { Token: 'tok-1' }, { type: 'bearer' }],
  [
    'A custom header',
    { 'Name of the header': 'x-api-key', 'Value of the header': 'val-1' },
    { type: 'header', name: 'x-api-key' },
  ],
  [
    'OAuth 2.0',
    { 'Token URL': 'TOKEN_URL', 'Client id': 'posthorn', 'Client secret': 'cls-1', 'Scope (optional)': 'hooks' },
    { type: 'oauth2', client_id: 'posthorn', scope: 'hooks' },
  ],
] as const;

const box = (page: Page, name: string) => page.getByLabel(name, { exact: true });
const read = async (id: string) => (await posthorn.call('GET', `/v1/subscriptions/${id}`)).body;
const idOf = (page: Page) => new URL(page.url()).pathname.split('/')[3]!;

async function choose(page: Page, select: string, option: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${select}`) }).click();
  await page.getByRole('option', { name: option }).first().click();
}

async function create(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.waitForURL(/\/console\/subscriptions\/(?!new)[^/]+$/);
  return idOf(page);
}

describe('credentials that an endpoint asks for', () => {
  it.each(KINDS)('are typed once and never shown: %s', async (option, typed, shown) => {
    const { page, faults } = await browser.open('/console/subscriptions/new', key);
    await page.getByRole('textbox', { name: 'URL', exact: true }).fill(receiver.url(`/${shown.type}`));
    await choose(page, 'Credentials', option);
    for (const [label, text] of Object.entries(typed)) {
      await box(page, label).fill(text === 'TOKEN_URL' ? receiver.url('/token') : text);
    }

    const id = await create(page);

    expect((await read(id)).auth).toMatchObject({ ...shown, set_at: expect.any(String) as string });
    await page.getByText('Credentials', { exact: true }).waitFor();
    // Loaded anew, so that all of it is what the API says; then the form that begins with this.
    await page.goto(`${posthorn.apiUrl}/console/subscriptions/${id}`);
    await page.getByText(option).first().waitFor();
    expect(await page.content()).not.toMatch(/pa ss-1|tok-1|val-1|cls-1/);
    await goTo(page, `/console/subscriptions/${id}/edit`, page.getByRole('heading', { name: 'Edit subscription' }));
    await page.getByText(option).first().waitFor();
    expect(await page.content()).not.toMatch(/pa ss-1|tok-1|val-1|cls-1/);
    expect(faults).toEqual([]);
  });

  it('are refused beside the part that is wrong, in the words of the API', async () => {
    const { page } = await browser.open('/console/subscriptions/new', key);
    await page.getByRole('textbox', { name: 'URL', exact: true }).fill(receiver.url('/wrong'));
    await choose(page, 'Credentials', 'Token (bearer)');
    await box(page, 'Token').fill('Bearer tok-1');

    await page.getByRole('button', { name: 'Create', exact: true }).click();

    await page.getByText('leave out the word Bearer').first().waitFor();
    await page.getByText('Nothing was saved: see the fields above.').first().waitFor();
    expect(await box(page, 'Token').getAttribute('aria-invalid')).toBe('true');
    await box(page, 'Token').fill('tok-1');
    expect((await read(await create(page))).auth).toMatchObject({ type: 'bearer' });
  });

  it('are asked for again when the URL leads elsewhere, stay otherwise, and go when none are chosen', async () => {
    const auth = { type: 'basic', username: 'ada', password: 'pa ss-1' };
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/hook'), auth });
    const edit = `/console/subscriptions/${id}/edit`;
    const { page, faults } = await browser.open(edit, key);
    const { set_at } = (await read(id)).auth as { set_at: string };
    const url = page.getByRole('textbox', { name: 'URL', exact: true });
    const save = page.getByRole('button', { name: 'Save' });

    await url.fill(receiver.url('/hook2'));
    await page.getByText('They stay unchanged.').first().waitFor();
    await save.click();
    await page.getByText('Saved.').waitFor();
    expect((await read(id)).auth).toMatchObject({ username: 'ada', set_at });

    await page.goto(`${posthorn.apiUrl}${edit}`);
    await url.fill(other.url('/hook'));
    await save.click();
    await page
      .getByText(/^They were set for .* enter them again, or choose none\.$/)
      .first()
      .waitFor();
    expect(await read(id)).toMatchObject({ url: receiver.url('/hook2') });
    await page.getByRole('button', { name: 'Type new credentials' }).click();
    await box(page, 'Password').fill('pa ss-2');
    await save.click();
    await page.getByText('Saved.').waitFor();
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    expect(await read(id)).toMatchObject({ url: other.url('/hook'), auth: { type: 'basic', username: 'ada' } });
    expect((await read(id)).auth).not.toMatchObject({ set_at });

    await page.goto(`${posthorn.apiUrl}${edit}`);
    await choose(page, 'Credentials', 'None');
    await save.click();
    await page.getByText('Saved.').waitFor();
    expect((await read(id)).auth).toBeUndefined();
    expect(faults).toEqual([]);
  });
});

describe('signatures, hours of healing and a secret of the customer', () => {
  it('are set in the form, refused beside their fields, shown on the page and changed', async () => {
    const { page, faults } = await browser.open('/console/subscriptions/new', key);
    await page.getByRole('textbox', { name: 'URL', exact: true }).fill(receiver.url('/signed'));
    await choose(page, 'Signatures', 'Both');
    const hours = page.getByRole('spinbutton', { name: 'Hours for which exhausted' });
    const secret = page.getByLabel('Signing secret of the customer');
    await hours.fill('121');
    await secret.fill('whsec_short');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('Enter whole hours from 0 to 120').first().waitFor();
    await hours.fill('48');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('expected whsec_ and base64 of 24 to 64 bytes').first().waitFor();
    await secret.fill(OWN_SECRET);

    const id = await create(page);

    expect(await read(id)).toMatchObject({ signing: 'both', heal_hours: 48 });
    const { body } = await posthorn.call<{ secret: string; public_key: string }>(
      'GET',
      `/v1/subscriptions/${id}/secret`,
    );
    expect(body.secret).toBe(OWN_SECRET);
    await page.getByText(body.public_key).waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await hours.fill('');
    await choose(page, 'Signatures', 'v1:');
    expect(await secret.count()).toBe(0);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await read(id)).toMatchObject({ signing: 'v1' });
    expect(await read(id)).not.toHaveProperty('heal_hours');
    expect(faults).toEqual([]);
  });

  it('is a secret that a rotation takes, and refuses beside its field', async () => {
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/rotated') });
    const { page } = await browser.open(`/console/subscriptions/${id}`, key);
    await page.getByRole('button', { name: 'Secret', exact: true }).click();
    const dialog = page.getByRole('dialog');
    const secret = dialog.getByLabel('Signing secret of the customer');
    const rotate = async (): Promise<void> => {
      await dialog.getByRole('button', { name: 'Rotate the secret' }).click();
      await dialog.getByRole('button', { name: 'Rotate now' }).click();
    };
    await secret.fill('mine');
    await rotate();
    await dialog.getByText('expected whsec_ and base64 of 24 to 64 bytes').first().waitFor();

    await secret.fill(OWN_SECRET);
    await rotate();

    await dialog.getByText(OWN_SECRET).waitFor();
    expect((await posthorn.call('GET', `/v1/subscriptions/${id}/secret`)).body).toMatchObject({ secret: OWN_SECRET });
  });
});
