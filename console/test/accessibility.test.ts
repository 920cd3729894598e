import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { goTo, startBrowser, type ConsoleBrowser, type ConsolePage } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const organization = `axe_${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;
let subscription: string;
let event: string;
/** One load of the console, and of axe, for all that is signed in: a load for each is minutes more. */
let opened: Awaited<ReturnType<ConsoleBrowser['keep']>>;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  receiver.answer('/axe', () => ({ status: 500, body: '{"error":"down"}' }));
  ({ id: subscription } = await posthorn.subscribe({ organization, url: receiver.url('/axe') }));
  event = (await posthorn.publish({ organization, type: 'visit.ended', data: { id: '1' } })).body.id;
  await waitFor('the last try', async () =>
    (await posthorn.attempts(subscription)).some((attempt) => attempt.outcome === 'exhausted'),
  );
});
afterAll(() => receiver.close());

/**
 * What axe finds: the rule, and where. Of all else, which is megabytes, nothing leaves the page.
 * @param within a selector of what changed since it looked at the whole page.
 */
async function findings({ page }: ConsolePage, within = 'html'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  return page.evaluate(async (context) => {
    const { axe } = globalThis as unknown as {
      axe: { run(context: string, options: RunOptions): Promise<AxeResults> };
    };
    const { violations } = await axe.run(context, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, within);
}

// Lists of the file's own rows: how many there are of other tests', and which, is another number each time, up to 50 each.
const PAGES = [
  ['the overview', () => '/console/overview', 'Endpoints that need attention'],
  ['the subscriptions', () => `/console/subscriptions?organization=${organization}`, 'Subscriptions'],
  ['a new subscription', () => '/console/subscriptions/new', 'New subscription'],
  ['the form of a subscription', () => `/console/subscriptions/${subscription}/edit`, 'Edit subscription'],
  ['a subscription with its log', () => `/console/subscriptions/${subscription}`, 'Attempts'],
  ['the deliveries', () => `/console/deliveries?organization=${organization}`, 'Deliveries'],
  ['what was found', () => `/console/find?q=${organization}`, 'Organizations'],
  ['the events', () => `/console/events?organization=${organization}`, 'Events'],
  ['an event', () => `/console/events/${event}`, 'Its deliveries'],
  ['the catalogue', () => '/console/catalogue', 'Event catalogue'],
  ['a replay', () => `/console/replays?subscription=${subscription}`, 'Replays'],
  ['the API keys', () => '/console/api-keys', 'API keys'],
  ['the audit trail', () => `/console/audit?organization=${organization}`, 'Audit trail'],
  ['an organization', () => `/console/organizations/${organization}`, organization],
  ['an address that no page has', () => '/console/nowhere', 'This page does not exist'],
] as const;

it('looks at every page that there is', () => {
  const app = readFileSync(join(import.meta.dirname, '../src/app.tsx'), 'utf8');
  const routes = [...app.matchAll(/<Route path="(\/console[^"]*)"/g)].map(([, path]) =>
    path!.replaceAll(/:\w+/g, 'ID'),
  );
  const looked = PAGES.map(([, path]) =>
    path().replace(/\?.*/, '').replace(subscription, 'ID').replace(event, 'ID').replace(`/${organization}`, '/ID'),
  );

  expect(routes.length).toBeGreaterThan(10);
  expect(routes.filter((route) => !looked.includes(route))).toEqual([]);
});

const WINDOWS = { light: { width: 1440, height: 900 }, dark: { width: 390, height: 844 } };

/** Shows the page in the light when wide, in the dark when narrow, unless it is. */
async function show({ page }: ConsolePage, theme: 'light' | 'dark'): Promise<void> {
  await page.setViewportSize(WINDOWS[theme]);
  const toggle = page.getByRole('button', { name: theme === 'dark' ? 'Dark mode' : 'Light mode' });
  if (await toggle.isVisible()) await toggle.click();
  const menu = page.getByRole('button', { name: 'Menu', exact: true });
  await menu.waitFor({ state: theme === 'dark' ? 'visible' : 'hidden' });
}

/** Goes on to a page, in the light, by what it shows. */
async function goOn(path: string, shown: (page: Page) => Locator): Promise<Page> {
  await show(opened, 'light');
  await goTo(opened.page, path, shown(opened.page));
  return opened.page;
}
const attempts = (page: Page): Locator => page.getByRole('heading', { name: 'Attempts' });

describe('axe-core', () => {
  it('finds nothing on the sign-in page', async () => {
    const signIn = await browser.open('/');
    await signIn.page.getByRole('button', { name: 'Sign in' }).click();
    await signIn.page.getByText('Enter an API key.').waitFor();

    expect(await findings(signIn)).toEqual([]);
  });
});

describe('axe-core, signed in', () => {
  beforeAll(async () => {
    opened = await browser.keep('/console/overview', admin);
  });
  afterAll(() => opened.giveBack());

  describe('page by page', () => {
    // Every second page is looked at in the dark first, as the one
    // before it was last: whatever is shown otherwise is laid out and painted anew.
    it.each(PAGES.map((page, index) => [...page, index % 2 === 0] as const))(
      'finds nothing on %s, in the light, nor in the dark of a phone',
      async (_what, path, heading, isLightFirst) => {
        const { page, faults } = opened;
        const found: Record<string, unknown> = {};
        const look = async (theme: 'light' | 'dark'): Promise<void> => {
          await show(opened, theme);
          found[theme] = await findings(opened);
          if (theme === 'dark') found.width = await page.evaluate('document.documentElement.scrollWidth');
        };
        await show(opened, isLightFirst ? 'light' : 'dark');
        await goTo(page, path(), page.getByRole('heading', { name: heading }).first());

        await look(isLightFirst ? 'light' : 'dark');
        await look(isLightFirst ? 'dark' : 'light');

        expect(found).toEqual({ light: [], dark: [], width: 390 });
        expect(faults.splice(0)).toEqual([]);
      },
    );
  });

  describe('what opens on a page', () => {
    it('finds nothing on what was signed for a call, nor on two tries that are compared', async () => {
      const page = await goOn(`/console/subscriptions/${subscription}`, attempts);
      await page.getByRole('row').nth(1).getByRole('link').click();
      await page.getByRole('button', { name: 'What we signed' }).click();
      await page.getByLabel('What your code computed').fill('abc');
      await page.getByText('This is not an HMAC-SHA256').waitFor();
      await page
        .getByRole('button', { name: /^Compare with the try of/ })
        .first()
        .click();
      await page.getByRole('region', { name: 'What differs between two tries' }).waitFor();
      expect(await findings(opened)).toEqual([]);
      await page.getByRole('button', { name: 'Dark mode' }).click();
      expect(await findings(opened)).toEqual([]);
    });

    // Behind the one above: its ping and sample are the newest calls of the subscription from then on.
    it('finds nothing on a call, nor in the dialogs of a subscription', async () => {
      const page = await goOn(`/console/subscriptions/${subscription}`, attempts);
      await page.getByRole('row').nth(1).getByRole('link').click();
      await page.getByLabel('request body', { exact: true }).waitFor();
      expect(await findings(opened)).toEqual([]);

      for (const name of ['Ping', 'Secret', 'Check a signature', 'Delete']) {
        // The page behind the first is the same behind the others.
        const within = name === 'Ping' ? 'html' : '[role=dialog]';
        await page.getByRole('button', { name, exact: true }).first().click();
        await page.getByRole('dialog').waitFor();
        expect({ name, found: await findings(opened, within) }).toEqual({ name, found: [] });
        await page.getByRole('button', { name: 'Close', exact: true }).first().click();
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }

      // What is behind these was looked at above, too.
      await page.getByRole('button', { name: 'Send a sample' }).click();
      await page.getByRole('menuitem', { name: 'visit.ended' }).waitFor();
      expect(await findings(opened, '[role=menu], [aria-haspopup][aria-expanded=true]')).toEqual([]);
      await page.getByRole('menuitem', { name: 'visit.ended' }).click();
      await page.getByRole('dialog').getByText('"down"').waitFor();
      expect(await findings(opened, '[role=dialog]')).toEqual([]);
    });

    it('finds nothing on what is left to do for a subscription that was no attempts yet', async () => {
      const made = await posthorn.subscribe({ organization, url: receiver.url('/axe-new') });
      const page = await goOn(`/console/subscriptions/${made.id}`, attempts);
      await page.getByRole('button', { name: 'Show secret and code' }).click();
      await page.getByLabel('code', { exact: true }).waitFor();
      const light = await findings(opened);
      await page.getByRole('button', { name: 'Dark mode' }).click();

      expect({ light, dark: await findings(opened) }).toEqual({ light: [], dark: [] });
    });

    // The last one: a form that was changed asks before it is left.
    it('finds nothing on a form with a filter that is wrong and a list of event types that is open', async () => {
      const page = await goOn('/console/subscriptions/new', (on) =>
        on.getByRole('heading', { name: 'New subscription' }),
      );
      await page.getByRole('textbox', { name: 'Organization' }).fill(organization);
      await page.getByText('would be sent').waitFor();
      expect(await findings(opened)).toEqual([]);
      await page.getByRole('textbox', { name: 'Filter' }).fill('{"data": {"a": [{"like": 1}]}}');
      await page.getByText('/data/a/0:').waitFor();
      await page.getByRole('button', { name: 'Dark mode' }).click();
      await page.getByRole('button', { name: /^Events/ }).click();
      await page.getByRole('option').first().waitFor();

      expect(await findings(opened)).toEqual([]);
    });
  });
});
