import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { chooseEvents, goTo, row, startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
const organization = `honest_${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
});
afterAll(() => receiver.close());

/** A row typed by hand into the table; the secret is that of a subscription made properly. */
async function aHandTypedRow(fields: Record<string, unknown>): Promise<string> {
  const { id } = await posthorn.subscribe({ organization, url: receiver.url(`/hand/${Math.random()}`) });
  const TableName = posthorn.output('SubscriptionsTableName');
  await posthorn.dynamoDb.send(new PutCommand({ TableName, Item: { organization, id, ...fields } }));
  return id;
}

describe('a row that was broken by hand', () => {
  it('shows what it holds, in the list, on its page and in its form, and can be mended there', async () => {
    const id = await aHandTypedRow({ url: receiver.url('/broken'), events: 5, timeout_seconds: 'soon', account: '' });
    const { page, faults } = await browser.open(`/console/subscriptions?organization=${organization}`, admin);
    await row(page, 'problem').getByRole('link').click();
    await page.getByText('Nothing is sent').first().waitFor();
    expect(await page.locator('main').innerText()).not.toMatch(/undefined|NaN|\[object/);
    expect(await page.locator('main').innerText()).toContain('soon');

    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByText('The row holds "soon", which cannot be understood.').waitFor();
    const texts = await page
      .getByRole('textbox')
      .evaluateAll((all) => all.map((one) => (one as { value?: string }).value));
    expect(texts.join()).not.toMatch(/undefined|NaN|null/);
    await page.getByRole('button', { name: 'Remove 5' }).click();
    await chooseEvents(page, 'visit.*');
    await page.getByRole('spinbutton', { name: 'Timeout in seconds' }).fill('9');
    await page.getByRole('button', { name: 'Remove it: Account' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();

    const mended = (await posthorn.call('GET', `/v1/subscriptions/${id}`)).body;
    expect(mended).toMatchObject({ events: ['visit.*'], timeout_seconds: 9 });
    expect(mended).not.toHaveProperty('problem');
    expect(faults).toEqual([]);
  });
});

describe('what is said of an endpoint', () => {
  it('is "no attempts yet" until something was sent to it, then "healthy"', async () => {
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/new') });
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);
    await page.getByText('no attempts yet').waitFor();
    expect(await page.getByText('healthy').count()).toBe(0);

    await posthorn.publish({ organization, type: 'visit.ended', data: { id: '1' } });

    await page.getByText('healthy').waitFor();
  });

  it('is what it answered last, with the call, when it fails', async () => {
    receiver.answer('/bad', () => ({ status: 404 }));
    const { id } = await posthorn.subscribe({ organization: `${organization}_bad`, url: receiver.url('/bad') });
    await posthorn.publish({ organization: `${organization}_bad`, type: 'visit.ended', data: { id: '1' } });
    await waitFor('the last try', async () =>
      (await posthorn.attempts(id)).some(({ outcome }) => outcome === 'exhausted'),
    );
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);
    await page.getByText('4 failed attempts in a row').waitFor();

    await page.getByRole('link', { name: '404' }).click();

    await page.getByRole('heading', { name: 'Call', exact: true }).waitFor();
    await page.getByText('Time of the attempt').waitFor();
  });

  it('says when it is tried again while it is down, as often as the deployment has it', async () => {
    const { page } = await browser.open('/console/catalogue', admin);
    const since = new Date(Date.now() - 3_600_000);
    const goToDown = async (nextMs: number | undefined, shown: RegExp): Promise<void> => {
      const { id } = await posthorn.subscribe({ organization, url: receiver.url(`/down/${nextMs}`) });
      await page.route(`**/v1/subscriptions/${id}`, async (route) => {
        const response = await route.fetch();
        const next_probe_at = nextMs === undefined ? undefined : new Date(nextMs);
        const held = { count: 3 };
        const health = { state: 'down', failures: 20, called: true, since, next_probe_at, held };
        const json = { ...((await response.json()) as object), health, active: nextMs !== undefined };
        await route.fulfill({ response, json });
      });
      await goTo(page, `/console/subscriptions/${id}`, page.getByText(shown));
    };

    await goToDown(Date.now() + 300_000, /It is tried again at .* in (4|5) min\./);
    await goToDown(Date.now(), /It is being tried again\./);
    await goToDown(undefined, /3 deliveries held\. They go out in order when the subscription is active again/);
  });

  it('warns before it is made that no event was ever published for its organization', async () => {
    await posthorn.publish({ organization, type: 'visit.ended', data: { id: '1' } });
    const { page } = await browser.open('/console/subscriptions/new', admin);
    const warning = page.getByText('None has been so far: check that the name is right.');

    await page.getByRole('textbox', { name: 'Organization' }).fill(`${organization}_typo`);
    await warning.waitFor();
    await page.getByRole('textbox', { name: 'Organization' }).fill(organization);

    await warning.waitFor({ state: 'detached' });
  });
});

describe('what comes late', () => {
  it('has its room before: nothing below it moves', async () => {
    const late = `${organization}_late`;
    const { id } = await posthorn.subscribe({ organization: late, url: receiver.url('/late') });
    await posthorn.publish({ organization: late, type: 'visit.ended', data: { id: '1' } });
    await waitFor('the numbers', async () => {
      const { body } = await posthorn.call<{ data: unknown[] }>('GET', `/v1/statistics?subscription=${id}`);
      return body.data.length > 0;
    });
    const { page } = await browser.openNew(`/console/subscriptions/${id}`, admin);
    const answers = Promise.withResolvers<void>();
    await page.route(/\/v1\/(status|statistics)/, async (route) => {
      await answers.promise;
      await route.continue();
    });
    await page.reload();
    await page.locator('[data-call]').first().waitFor();
    const log = page.getByRole('heading', { name: 'Attempts' });
    const before = await log.boundingBox();

    answers.resolve();

    await page.getByText('Deliveries that arrived').waitFor();
    await page.getByText('Last event').waitFor();
    expect(await log.boundingBox()).toEqual(before);
  });
});

describe('a key that is shown once', () => {
  it('outlives a click beside it, Esc and the cross, and goes when it was copied', async () => {
    const { page } = await browser.open('/console/api-keys', admin);
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog', { name: 'New API key' });
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    await dialog.getByText('Name the organization.').first().waitFor();
    await dialog.getByRole('textbox', { name: 'Organization' }).fill(organization);
    await page.keyboard.press('Escape');
    await dialog.getByText('Discard your input?').waitFor();
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    const key = await dialog.getByLabel('API key', { exact: true }).innerText();

    await page.mouse.click(10, 450);
    await page.keyboard.press('Escape');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.getByText('Copy it, then choose').waitFor();

    expect(await dialog.getByLabel('API key', { exact: true }).innerText()).toBe(key);
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('says of a producer key what an empty organization means', async () => {
    const { page } = await browser.open('/console/api-keys', admin);
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog', { name: 'New API key' });
    await dialog.getByRole('button', { name: /Scope/ }).click();

    await page.getByRole('option', { name: /events:write/ }).click();

    await dialog.getByText('Empty: it may publish for every organization.').waitFor();
  });
});

describe('a tab', () => {
  it('is named for what it shows, and has an icon', async () => {
    const url = receiver.url('/named');
    const { id } = await posthorn.subscribe({ organization: `${organization}_tab`, url: `${url}?token=secret` });
    const event = (
      await posthorn.publish({ organization: `${organization}_tab`, type: 'visit.ended', data: { id: '1' } })
    ).body.id;
    await waitFor('the delivery', async () => (await posthorn.attempts(id)).length > 0);
    const name = url.replace('http://', '');
    const { page } = await browser.open('/console/subscriptions/new');
    await page.waitForFunction(
      () => (globalThis as unknown as { document: { title: string } }).document.title === 'Sign in · Posthorn',
    );
    await page.close();
    const opened = await browser.open(`/console/subscriptions/${id}`, admin);
    const isTitled = (title: string) =>
      opened.page.waitForFunction(
        (wanted) => (globalThis as unknown as { document: { title: string } }).document.title === wanted,
        `${title} · Posthorn`,
      );

    await isTitled(name);
    await row(opened.page, 'visit.ended').getByRole('link').click();
    await isTitled('delivered 200 visit.ended');
    await opened.page.getByRole('button', { name: 'Edit' }).click();
    await isTitled(`Edit ${name}`);
    await opened.page.getByRole('button', { name: 'Cancel' }).click();
    await isTitled('delivered 200 visit.ended');
    await opened.page.getByRole('link', { name: event }).click();
    await isTitled(`visit.ended ${event}`);

    const icon = await opened.page.locator('link[rel=icon]').getAttribute('href');
    const answer = await fetch(new URL(icon!, posthorn.apiUrl));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  });

  it('says so at an address that no page has', async () => {
    const { page } = await browser.open('/console/subscription/sub_1', admin);

    await page.getByRole('heading', { name: 'This page does not exist' }).waitFor();

    expect(new URL(page.url()).pathname).toBe('/console/subscription/sub_1');
  });
});

describe('a filter that the API refuses', () => {
  it('is told beside its field, and the rows stay', async () => {
    await posthorn.subscribe({ organization, url: receiver.url('/kept-rows') });
    await posthorn.publish({ organization, type: 'visit.ended', resource_id: 'kept-row', data: { id: '1' } });
    const { page } = await browser.open(`/console/deliveries?organization=${organization}&resource_id=kept-row`, admin);
    await row(page, 'kept-rows').getByText('delivered').waitFor();
    const rows = await page.getByRole('row').count();

    await page.getByRole('searchbox', { name: 'Status' }).fill('teapot');

    await page.getByText('expected one or more statuses such as 404, or classes such as 5xx').waitFor();
    expect(await page.getByRole('row').count()).toBe(rows);
    expect(await page.getByText('This could not be loaded').count()).toBe(0);
  });

  it.each(['events', 'subscriptions', 'audit'])('stays where it is, to be mended: %s', async (list) => {
    const { page } = await browser.open(`/console/${list}`, admin);
    const filter = page.getByRole('combobox', { name: 'Organization' });
    await filter.fill('Nobody Clinic');
    await filter.press('Enter');
    await page.getByText('No organization has this name.').waitFor();
    expect(await page.getByRole('columnheader').first().isVisible()).toBe(true);

    await filter.fill('Nobody_Clinic');
    await filter.press('Enter');

    await page.getByText(/^No (events|subscriptions|records)$/).waitFor();
  });
});

/** The overview in a tab that lacks the file of another page: until it is loaded anew, or for good. */
async function openWithoutCatalogue(forGood: boolean) {
  const { page } = await browser.openNew('/console/overview', admin);
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  const reloads: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) reloads.push(request.url());
  });
  await page.route('**/assets/catalogue-*.js', (route) =>
    forGood || reloads.length === 0 ? route.fulfill({ status: 404, body: '' }) : route.continue(),
  );
  return { page, reloads };
}

describe('a tab that was left open', () => {
  it('loads itself anew, once, when a new version has replaced its files', async () => {
    const { page, reloads } = await openWithoutCatalogue(false);

    await page.getByRole('link', { name: 'Event catalogue' }).click();

    await page.getByRole('heading', { name: 'Event catalogue' }).waitFor();
    expect([new URL(page.url()).pathname, reloads.length]).toEqual(['/console/catalogue', 1]);
  });

  it('says what is wrong when that does not help', async () => {
    const { page, reloads } = await openWithoutCatalogue(true);

    await page.getByRole('link', { name: 'Event catalogue' }).click();

    await page.getByText('A file of this page could not be loaded.').waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(1);
    expect(reloads).toHaveLength(1);
  });

  it('asks again by itself where it asked too soon, once the API takes it', async () => {
    const { page } = await browser.open('/console/overview', admin);
    let asked = 0;
    await page.route('**/v1/event-types', (route) => {
      asked += 1;
      if (asked > 1) return route.continue();
      return route.fulfill({ status: 429, headers: { 'retry-after': '1' }, body: '{"detail":"Too many."}' });
    });

    await page.getByRole('link', { name: 'Event catalogue' }).click();

    await page.getByText('A request in each format').waitFor();
    expect(asked).toBe(2);
  });

  it('says since when it was not updated, and goes on once the API answers again', async () => {
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/stale') });
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);
    await page.getByText('no attempts yet').waitFor();
    await page.route('**/v1/**', (route) => route.fulfill({ status: 503, body: '{"detail":"Not now."}' }));

    await page.getByText(/Not updated since \d\d:\d\d:\d\d\. Trying again\./).waitFor();

    await page.unroute('**/v1/**');
    await page.getByText('Not updated since').waitFor({ state: 'detached' });
  });
});
