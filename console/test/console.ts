import type { Locator, Page, Request } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { shareBrowser, type SharedBrowser } from './pages.ts';

/** A browser with the console in it. */
export interface ConsoleBrowser {
  /**
   * A page at a path, as in a browser that never was here: no cookie, no storage, no history. Signed in when a key is given: by the
   * form the first time, then with the storage that this left. Its window is a large one unless told otherwise, pixels.
   */
  open(path: string, key?: string, viewport?: { width: number; height: number }): Promise<ConsolePage>;
  /** A page that is signed in for many tests, each of which goes to what it looks at by {@link goTo}; the file gives it back. */
  keep(path: string, key: string): Promise<ConsolePage & { giveBack(): Promise<void> }>;
}

export interface ConsolePage {
  page: Page;
  /** Errors of the page and everything that its content security policy refused. */
  faults: string[];
  /** Addresses of every request that the page made. */
  requests: string[];
}

/**
 * A process of vitest runs many files, one after the other: all of them have one browser, which ends with the process. Not in a
 * variable of this module, which each file may load anew.
 */
const shared = globalThis as { consoleBrowser?: Promise<SharedBrowser> };

/** The browser, at the console of a Posthorn. */
export async function startBrowser(apiUrl: string): Promise<ConsoleBrowser> {
  const browser = await (shared.consoleBrowser ??= shareBrowser());
  const enter = async (page: Page, path: string, key: string | undefined): Promise<ConsolePage> => {
    const heard: Omit<ConsolePage, 'page'> = { faults: [], requests: [] };
    const as = `${apiUrl} ${key}`;
    const session = browser.sessions.get(as);
    await browser.load(page, `${apiUrl}${path}`, () => overhear(page, heard), session);
    if (session !== undefined) await isSignedIn(page);
    else if (key !== undefined) {
      await signIn(page, key);
      browser.sessions.set(as, await page.evaluate('JSON.stringify(sessionStorage)'));
    }
    return { page, ...heard };
  };
  return {
    async open(path, key, viewport) {
      const page = await browser.take(apiUrl, viewport);
      onTestFinished(({ task }) => browser.giveBack(page, apiUrl, task.result?.state === 'pass'));
      return enter(page, path, key);
    },
    async keep(path, key) {
      const page = await browser.take(apiUrl);
      return { ...(await enter(page, path, key)), giveBack: () => browser.giveBack(page, apiUrl, true) };
    },
  };
}

/**
 * Goes to another page of the console as its links do, without loading it anew, which takes half a second of a processor more. Ends
 * when something of the new page is in sight and all that it asked for has come.
 */
export async function goTo(page: Page, path: string, shown: Locator): Promise<void> {
  const open = new Set<Request>();
  let begun = 0;
  const begin = (request: Request): void => {
    begun += 1;
    open.add(request);
  };
  const end = (request: Request): void => void open.delete(request);
  page.on('request', begin).on('requestfinished', end).on('requestfailed', end);
  await page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
  );
  await shown.waitFor();
  let before;
  do {
    before = begun;
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestIdleCallback(done)))');
  } while (open.size > 0 || begun > before);
  page.off('request', begin).off('requestfinished', end).off('requestfailed', end);
}

/** Keeps the faults and the requests of a page. */
function overhear(page: Page, { faults, requests }: Omit<ConsolePage, 'page'>): void {
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // An answer of 4xx is part of some tests; the browser logs each as an error.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      faults.push(message.text());
    }
  });
  page.on('request', (request) => requests.push(request.url()));
}

/** Enters a key into the sign-in form and waits for the frame around the pages. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await isSignedIn(page);
}

const isSignedIn = (page: Page): Promise<void> => page.getByRole('button', { name: 'Sign out' }).waitFor();

/** The row of a table that contains a text. */
export function row(page: Page, text: string) {
  return page.getByRole('row').filter({ hasText: text });
}

/** Chooses event types or patterns in the form of a subscription, by typing each. */
export async function chooseEvents(page: Page, ...patterns: string[]): Promise<void> {
  await page.getByRole('button', { name: /^Events/ }).click();
  for (const pattern of patterns) {
    await page.getByLabel('Find an event type').fill(pattern);
    await page
      .getByRole('option')
      .filter({ has: page.getByText(pattern, { exact: true }) })
      .first()
      .click();
  }
  await page.keyboard.press('Escape');
}
