import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { row, startBrowser, type ConsoleBrowser } from './console.ts';

const PHONE = { width: 390, height: 844 };
const HALF = { width: 820, height: 900 };
const TABLET = { width: 1024, height: 768 };
const DESK = { width: 1440, height: 900 };

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
const organization = `screens_${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;
let id: string;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  ({ id } = await posthorn.subscribe({ organization, url: receiver.url('/screens'), description: 'Screens' }));
  for (const number of ['1', '2', '3']) {
    await posthorn.publish({ organization, type: 'visit.ended', resource_id: number, data: { number } });
  }
  await waitFor('the deliveries', async () => (await posthorn.attempts(id)).length === 3);
});
afterAll(() => receiver.close());

const openCall = (page: Page) => page.getByLabel(/^Call( \d+ of \d+ on this page)?$/);
const hasFocus = (page: Page, selector: string) =>
  page.waitForFunction(
    (wanted) =>
      (
        globalThis as unknown as { document: { activeElement: { matches(selector: string): boolean } | null } }
      ).document.activeElement?.matches(wanted),
    selector,
  );

describe('a call that was chosen', () => {
  it.each([
    ['a phone', PHONE],
    ['a tablet', TABLET],
    ['a desk', DESK],
  ])('is in sight and has the focus on %s, and gives it back to its row', async (_what, viewport) => {
    const { page, faults } = await browser.open(`/console/subscriptions/${id}`, admin, viewport);
    const first = page.locator('[data-call] a').first();
    await first.click();
    await openCall(page).getByText('Request headers').waitFor();

    const box = (await openCall(page).boundingBox())!;
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.y).toBeLessThan(viewport.height / 2);
    await hasFocus(page, '.call');
    await page.keyboard.press('Escape');

    await openCall(page).waitFor({ state: 'detached' });
    await hasFocus(page, `[data-call="${await page.locator('[data-call]').first().getAttribute('data-call')}"] a`);
    expect(new URL(page.url()).searchParams.has('call')).toBe(false);
    expect(faults).toEqual([]);
  });

  it('gives way to the next and the one before by arrows, j and k', async () => {
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin, TABLET);
    await page.locator('[data-call] a').first().click();
    await page.getByLabel('Call 1 of 3 on this page').waitFor();

    await page.keyboard.press('ArrowDown');
    await page.getByLabel('Call 2 of 3 on this page').waitFor();
    await page.keyboard.press('j');
    await page.getByLabel('Call 3 of 3 on this page').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.getByLabel('Call 2 of 3 on this page').waitFor();
    await page.keyboard.press('ArrowUp');

    await page.getByLabel('Call 1 of 3 on this page').waitFor();
  });

  it('covers the page where there is no room beside it: nothing below can be reached', async () => {
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin, PHONE);
    await page.locator('[data-call] a').first().click();
    await openCall(page).getByRole('button', { name: 'Redeliver' }).click();
    await page.getByRole('dialog', { name: 'Send this event again?' }).getByRole('button', { name: 'Cancel' }).click();

    expect(await page.locator('#root').getAttribute('inert')).not.toBeNull();
    await openCall(page).getByRole('button', { name: 'Close the attempt' }).click();

    await openCall(page).waitFor({ state: 'detached' });
    expect(await page.locator('#root').getAttribute('inert')).toBeNull();
  });
});

describe('in a window of 820 pixels', () => {
  it('what became of a delivery is in sight beside what it was about, in one line', async () => {
    const { page } = await browser.open('/console/overview', admin, HALF);
    // The longest of the usual outcomes; an endpoint that fails four times would take many seconds.
    await page.route('**/v1/deliveries?*', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replaceAll('"delivered"', '"exhausted"') });
    });

    await page.getByRole('searchbox', { name: 'Find' }).fill(`${organization} 2`);
    await page.keyboard.press('Enter');

    const found = row(page, organization);
    const outcome = (await found.getByText('exhausted', { exact: true }).boundingBox())!;
    const event = (await found.getByRole('link', { name: 'visit.ended' }).boundingBox())!;
    expect(outcome.x + outcome.width).toBeLessThan(HALF.width);
    // Both are one word in the same type.
    expect(outcome.height).toBeLessThan(event.height * 1.5);
  });
});

describe('on a phone', () => {
  it('pages are behind a button, and tables are cards', async () => {
    const { page } = await browser.open('/console/overview', admin, PHONE);
    const menu = page.getByRole('button', { name: 'Menu' });
    expect(await page.getByRole('link', { name: 'Subscriptions' }).isVisible()).toBe(false);
    await menu.click();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('link', { name: 'Subscriptions' }).isVisible()).toBe(false);

    await menu.click();
    await page.getByRole('link', { name: 'Subscriptions' }).click();
    // The page before it may have a field of that name, too.
    await page.getByRole('heading', { name: 'Subscriptions', level: 1 }).waitFor();
    // Those of all other tests may fill the first page.
    await page.getByLabel('Organization').fill(organization);

    const card = page.getByRole('listitem').filter({ hasText: receiver.url('/screens') });
    await card.getByText('Screens', { exact: true }).waitFor();
    await card.getByText(organization).waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Overview' }).isVisible()).toBe(false);
  });
});

describe('a time', () => {
  it('is told in the zone that was chosen, on every page and after a reload', async () => {
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);
    const time = page.locator('[data-call] time').first();
    const iso = (await time.getAttribute('datetime'))!;
    const inTokyo = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', timeStyle: 'medium' });

    await page.getByRole('button', { name: /Time zone/ }).click();
    await page.getByLabel('Find a zone').fill('tokyo');
    await page.getByRole('option', { name: 'Asia/Tokyo' }).click();

    await time.getByText(inTokyo.format(new Date(iso))).waitFor();
    await page.reload();
    await page
      .locator('[data-call] time')
      .getByText(inTokyo.format(new Date(iso)))
      .first()
      .waitFor();
  });

  it('says on hover and on focus the whole of it, with the zone and in UTC', async () => {
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);
    const link = page.locator('[data-call] a').first();
    const iso = await link.locator('time').getAttribute('datetime');
    await link.locator('time').hover();
    await page.getByRole('tooltip').getByText(`${iso} (UTC)`).waitFor();
    await page.getByRole('heading', { name: 'Screens' }).hover();
    await page.getByRole('tooltip').waitFor({ state: 'detached' });

    await link.focus();

    await page.getByRole('tooltip').getByText(`${iso} (UTC)`).waitFor();
  });
});

describe('a person at the keyboard', () => {
  it('is shown the shortcuts by ?, but not while typing', async () => {
    const { page } = await browser.open('/console/subscriptions', admin);
    const search = page.getByRole('searchbox', { name: 'Search' });
    await search.press('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await search.fill('');
    await search.blur();

    await page.keyboard.press('?');

    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Close an open attempt').waitFor();
  });

  it('sees how old the page is', async () => {
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);

    await row(page, 'visit.ended').first().waitFor();

    await page.getByText(/^Updated \d+ sec\. ago$/).waitFor();
  });
});

describe('a person who asked for less motion', () => {
  it('sees nothing move while a page is on its way', async () => {
    const { page } = await browser.openNew('/console/overview', admin);
    const slow = Promise.withResolvers<void>();
    await page.route('**/assets/catalogue-*.js', async (route) => {
      await slow.promise;
      await route.continue();
    });
    const moving = () => page.evaluate<number>('document.getAnimations().length');

    await page.getByRole('link', { name: 'Event catalogue' }).click();
    await page.getByText('Loading', { exact: true }).waitFor();
    const less = await moving();
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    const usual = await moving();
    slow.resolve();

    await page.getByRole('heading', { name: 'Event catalogue' }).waitFor();
    expect(less).toBe(0);
    expect(usual).toBeGreaterThan(0);
  });
});
