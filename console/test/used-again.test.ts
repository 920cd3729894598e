import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startBrowser, type ConsoleBrowser, type ConsolePage } from './console.ts';
import { globalsOf, signInAgain, signOut } from './used-again.ts';

// What lets other tests take a document that was used for a new one (used-again.ts).

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
const organization = `again_${process.pid}`;
let browser: ConsoleBrowser;
let id: string;
let key: string;

beforeAll(async () => {
  browser = await startBrowser(posthorn.apiUrl);
  key = await posthorn.apiKey({ scopes: ['organization'], organization });
  ({ id } = await posthorn.subscribe({ organization, url: 'https://hooks.example.com/again', description: 'Again' }));
});

const begunAt = (page: Page): Promise<number> => page.evaluate<number>('performance.timeOrigin');

/** All that a test can find in a page, but for what counts up with each document, element or second. */
async function foundIn({ page, requests, faults }: ConsolePage) {
  const asked = requests.map((url) => new URL(url)).filter((url) => url.pathname.startsWith('/v1/'));
  for (const { searchParams } of asked) searchParams.delete('since');
  return {
    html: (await page.evaluate<string>('document.body.outerHTML'))
      .replaceAll(/ data-analytics-performance-mark="[^"]*"| class=""/g, '')
      .replaceAll(/(?<=_r_)[0-9a-z]+_|\d+-\d+-\d+|\d+ (?=(sec|min)\.)/g, '')
      .split(/(?=<)/),
    rest: await page.evaluate(`({
      typed: [...document.querySelectorAll('input, textarea')].map(({ value }) => value),
      scrolled: [scrollX, scrollY],
      focus: document.activeElement.tagName,
      title: document.title,
      address: location.href,
      history: [history.length, history.state],
      stored: [JSON.stringify(localStorage), Object.keys(sessionStorage), document.cookie],
    })`),
    // Who one is is asked by the sign-in.
    asked: [...new Set(asked.map((url) => url.pathname + url.search))].filter((path) => path !== '/v1/me').sort(),
    faults,
  };
}

/** A tab in which something of everything was done, and much of it not ended. */
async function useEverything(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await page.getByRole('searchbox', { name: 'Find' }).fill('left over');
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Description' }).fill('not saved');
  await page.evaluate('scrollTo(0, 300)');
  await page.keyboard.press('Tab');
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
}

describe('a document that is used again', () => {
  it('holds what a new one does, whatever the test before did in it', async () => {
    const left = await browser.keep(`/console/subscriptions/${id}`, admin);
    await useEverything(left.page);
    const begun = await begunAt(left.page);
    await left.giveBack();

    for (const [path, heading] of [
      [`/console/subscriptions?organization=${organization}`, 'Subscriptions'],
      ['/console/subscriptions/new', 'New subscription'],
      [`/console/subscriptions/${id}`, 'Again'],
    ] as const) {
      const again = await browser.keep(path, key);
      expect(again.page).toBe(left.page);
      expect(await begunAt(again.page)).toBe(begun);
      const anew = await browser.keep(path, key, true);
      for (const { page } of [again, anew]) await page.getByRole('heading', { name: heading }).first().waitFor();
      // Once nothing is on its way in either.
      await vi.waitFor(async () => expect(await foundIn(again)).toEqual(await foundIn(anew)), {
        timeout: 20_000,
        interval: 200,
      });
      await anew.giveBack();
      await again.giveBack();
    }
  });

  it('is another one after a theme was chosen in it', async () => {
    const left = await browser.keep('/console/catalogue', key);
    const begun = await begunAt(left.page);
    await left.page.getByRole('button', { name: 'Dark mode' }).click();
    await left.giveBack();

    const { page } = await browser.open('/console/catalogue', key);

    expect(page).toBe(left.page);
    expect(await begunAt(page)).not.toBe(begun);
    await page.getByRole('button', { name: 'Dark mode' }).waitFor();
  });

  it('is left to no other test with anything that a sign-out leaves in it', async () => {
    const { page } = await browser.openNew('/console/catalogue', key);
    const globals = await globalsOf(page);
    const isLeft: Record<string, boolean> = {};
    for (const [mess, mend] of [
      ['undefined', 'undefined'],
      ['globalThis.left = true', 'delete globalThis.left'],
      ['document.body.append(document.createElement("p"))', 'document.body.lastElementChild.remove()'],
      ['document.body.className = "left"', 'document.body.className = ""'],
      ['localStorage.setItem("left", "1")', 'localStorage.clear()'],
      ['sessionStorage.setItem("left", "1")', 'sessionStorage.clear()'],
      ['document.cookie = "left=1"', 'document.cookie = "left=1; max-age=0"'],
    ] as const) {
      await page.evaluate(mess);
      isLeft[mess] = await signOut(page, globals);
      await page.evaluate(mend);
      await signInAgain(page, '/console/catalogue', key);
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    }

    const { undefined: nothing, ...something } = isLeft;
    expect([nothing, ...Object.values(something)]).toEqual([true, false, false, false, false, false, false]);
  });

  it('hears no answer any more that the test before has asked for', async () => {
    const { page, giveBack } = await browser.keep(`/console/subscriptions/${id}`, admin);
    // Under way when the test ends: who holds it is gone then.
    await page.route('**/pause', () => undefined);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await giveBack();

    const { body } = await posthorn.call<{ health: { state: string } }>('GET', `/v1/subscriptions/${id}`);

    expect(body.health.state).toBe('paused');
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });
});
