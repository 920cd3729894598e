import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { goTo, row, startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
const organization = `edits_${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;
let made = 0;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
});
afterAll(() => receiver.close());

/** A subscription, and its form in a browser with everything that the form sends. */
async function openForm(fields: Record<string, unknown> = {}) {
  made += 1;
  const { id } = await posthorn.subscribe({ organization, url: receiver.url(`/edits/${made}`), ...fields });
  const { page, faults } = await browser.open(`/console/subscriptions/${id}/edit`, admin);
  const sent: { method: string; path: string; body: unknown }[] = [];
  page.on('request', (request) => {
    const path = new URL(request.url()).pathname;
    // A filter that is tried changes nothing.
    if (request.method() === 'GET' || path === '/v1/filter-test') return;
    sent.push({ method: request.method(), path, body: request.postDataJSON() as unknown });
  });
  await page.getByRole('textbox', { name: 'URL' }).waitFor();
  const read = async () => (await posthorn.call('GET', `/v1/subscriptions/${id}`)).body;
  /** What somebody else does meanwhile. */
  const byAnother = (body: unknown) => posthorn.call('PATCH', `/v1/subscriptions/${id}`, body);
  return { id, page, faults, sent, read, byAnother };
}

const description = (page: Page) => page.getByRole('textbox', { name: 'Description' });
const save = (page: Page) => page.getByRole('button', { name: 'Save' }).click();

/** Lets the page read the subscription as it is now, and no newer, until a button is clicked. */
async function stopTimeUntil(button: Locator, id: string): Promise<void> {
  const page = button.page();
  const body = JSON.stringify((await posthorn.call('GET', `/v1/subscriptions/${id}`)).body);
  await button.evaluate((element) =>
    (element as unknown as EventTarget).addEventListener(
      'click',
      () => Object.assign(globalThis, { isClicked: true }),
      {
        capture: true,
      },
    ),
  );
  const path = `**/v1/subscriptions/${id}`;
  await page.route(path, async (route) => {
    const isClicked = await page.evaluate(() => 'isClicked' in globalThis);
    if (isClicked || route.request().method() !== 'GET') await route.continue();
    else await route.fulfill({ contentType: 'application/json', body });
    // Nothing is asked of a page that the test has closed.
    if (isClicked) await page.unroute(path);
  });
}

describe('a form that is open while somebody else changes the subscription', () => {
  it('shows what they changed, sends only what its person changed, and so takes nothing back', async () => {
    const { page, sent, read, byAnother, faults } = await openForm();
    await byAnother({ account: 'acc_1', events: ['visit.*'] });

    await page.getByText('Somebody has changed this subscription').waitFor();
    expect(await page.getByRole('textbox', { name: 'Account' }).inputValue()).toBe('acc_1');
    await description(page).fill('changed by A');
    await save(page);
    await page.getByText('Saved.').waitFor();

    expect(sent.map(({ body }) => body)).toEqual([{ description: 'changed by A' }]);
    expect(await read()).toMatchObject({ account: 'acc_1', events: ['visit.*'], description: 'changed by A' });
    expect(faults).toEqual([]);
  });

  it('looks once more before it saves, and shows first what was changed at the last moment', async () => {
    const { id, page, sent, read, byAnother } = await openForm();
    await stopTimeUntil(page.getByRole('button', { name: 'Save' }), id);
    await byAnother({ account: 'acc_2' });
    await description(page).fill('changed by A');

    await save(page);
    await page.getByText('Somebody has just changed this subscription').first().waitFor();

    expect(sent).toEqual([]);
    await save(page);
    await page.getByText('Saved.').waitFor();
    expect(await read()).toMatchObject({ account: 'acc_2', description: 'changed by A' });
  });

  it.each([
    ['Keep mine', 'mine', [{ description: 'mine' }]],
    ['Take theirs', 'theirs', []],
  ])('lets the person choose where both changed the same: %s', async (choice, left, bodies) => {
    const { page, sent, read, byAnother } = await openForm({ description: 'before' });
    await description(page).fill('mine');
    await byAnother({ description: 'theirs' });
    await page.getByText('Somebody changed Description too').waitFor();

    await save(page);
    await page.getByText('First choose which change to keep').first().waitFor();
    expect(sent).toEqual([]);
    await page.getByRole('button', { name: choice }).click();
    await save(page);

    await page.getByRole('heading', { name: left }).waitFor();
    expect(sent.map(({ body }) => body)).toEqual(bodies);
    expect(await read()).toMatchObject({ description: left });
  });

  it('keeps what was typed while the API cannot be reached', async () => {
    const { id, page } = await openForm();
    await description(page).fill('typed');
    await page.route(`**/v1/subscriptions/${id}`, (route) => route.abort());

    await save(page);
    await page.getByText('The API could not be reached.').first().waitFor();

    expect(await description(page).inputValue()).toBe('typed');
    await page.unroute(`**/v1/subscriptions/${id}`);
    await save(page);
    await page.getByText('Saved.').waitFor();
  });

  it('undoes its own change without taking back a later one', async () => {
    const { page, read, byAnother } = await openForm({ description: 'first' });
    await description(page).fill('mine');
    await page.getByRole('spinbutton', { name: 'Timeout in seconds' }).fill('7');
    await save(page);
    await page.getByText('Saved.').waitFor();
    await byAnother({ description: 'later' });

    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Somebody has changed description since; that was not undone.').waitFor();

    expect(await read()).toMatchObject({ description: 'later', timeout_seconds: 10 });
  });
});

describe('a field that is emptied or repeated', () => {
  it('is refused beside the timeout, and nothing is sent', async () => {
    const { page, sent } = await openForm();
    await page.getByRole('spinbutton', { name: 'Timeout in seconds' }).fill('');

    await save(page);
    await page.getByText('Enter a whole number of seconds from 1 to 30.').waitFor();

    expect(sent).toEqual([]);
  });

  it('does not end every older secret when it is the hours of a rotation', async () => {
    const { id, page, sent } = await openForm();
    await goTo(page, `/console/subscriptions/${id}`, page.getByRole('button', { name: 'Edit' }));
    await page.getByRole('button', { name: 'Secret', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('spinbutton').fill('');

    await dialog.getByRole('button', { name: 'Rotate the secret' }).click();
    await dialog.getByText('Enter whole hours from 0 to 168.').waitFor();

    expect(await dialog.getByRole('button', { name: 'Rotate now' }).count()).toBe(0);
    await dialog.getByRole('spinbutton').fill('0');
    await dialog.getByRole('button', { name: 'Rotate the secret' }).click();
    await dialog.getByText('Every older secret ends at once').waitFor();
    expect(sent).toEqual([]);
  });

  it('is refused beside a header without a name and one that stands twice', async () => {
    const { page, sent, read } = await openForm({ headers: { 'x-tenant': '1' } });
    const names = page.getByRole('textbox', { name: 'Name' });
    const values = page.getByRole('textbox', { name: 'Value' });
    await page.getByRole('button', { name: 'Add a header' }).click();
    await names.nth(1).fill('X-Tenant');
    await values.nth(1).fill('2');
    await page.getByRole('button', { name: 'Add a header' }).click();
    await values.nth(2).fill('3');

    await save(page);
    await page.getByText('This name is used twice').waitFor();
    await page.getByText('Enter a name, or remove it.').waitFor();

    expect(sent).toEqual([]);
    await names.nth(1).fill('x-other');
    await names.nth(2).fill('x-third');
    await save(page);
    await page.getByText('Saved.').waitFor();
    expect((await read()).headers).toEqual({ 'x-tenant': '1', 'x-other': '2', 'x-third': '3' });
  });

  it("has the API's words beside it until it is touched again", async () => {
    const { page, byAnother } = await openForm();
    const { body } = await byAnother({ url: 'https://10.0.0.5/hook' });
    await page.getByRole('textbox', { name: 'URL' }).fill('https://10.0.0.5/hook');
    await save(page);
    const words = page.getByText((body.errors as { detail: string }[])[0]!.detail).first();
    await words.waitFor();
    expect(await page.getByText('/url').count()).toBe(0);

    await page.getByRole('textbox', { name: 'URL' }).fill('https://10.0.0.5/hook2');

    await words.waitFor({ state: 'detached' });
  });
});

describe('leaving a form', () => {
  it('asks when something was changed: by a link, by Back, by signing out', async () => {
    const { id, page } = await openForm();
    await goTo(page, `/console/subscriptions/${id}`, page.getByRole('button', { name: 'Edit' }));
    await page.getByRole('button', { name: 'Edit' }).click();
    await description(page).fill('typed');
    const dialog = page.getByRole('dialog');

    for (const leave of [
      () => page.getByRole('link', { name: 'Events', exact: true }).click(),
      () => page.goBack(),
      () => page.getByRole('button', { name: 'Cancel' }).click(),
    ]) {
      await leave();
      await dialog.getByText('Leave without saving?').waitFor();
      await dialog.getByRole('button', { name: 'Stay' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await description(page).inputValue()).toBe('typed');
    }
    await page.getByRole('button', { name: 'Sign out' }).click();
    await dialog.getByText('Sign out without saving?').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await dialog.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'Events', exact: true }).waitFor();
  });

  it('asks before the tab is closed', async () => {
    const { page } = await openForm();
    await description(page).fill('typed');
    const asked = page.waitForEvent('dialog');

    void page.close({ runBeforeUnload: true });

    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.accept();
  });

  it('asks nothing when nothing was changed', async () => {
    const { page } = await openForm();

    await page.getByRole('link', { name: 'Subscriptions' }).click();

    await page.getByRole('heading', { name: /^Subscriptions/ }).waitFor();
    await page.getByLabel('Organization').fill(organization);
    await row(page, organization).first().waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});

describe('a button whose page is seconds old', () => {
  it('does not offer to take back what somebody else did', async () => {
    const { id, page, sent, byAnother } = await openForm();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Deactivate' }).click();
    const button = page.getByRole('dialog').getByRole('button', { name: 'Deactivate', exact: true });
    await button.waitFor();
    await stopTimeUntil(button, id);
    await byAnother({ active: false });

    await button.click();

    await page.getByText('Somebody else has just done this.').waitFor();
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    expect(sent).toEqual([]);
  });
});
