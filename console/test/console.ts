import type { Locator, Page, Request } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { shareBrowser, type SharedBrowser } from './pages.ts';
import { settled } from './used-again.ts';

/** A browser with the console in it. */
export interface ConsoleBrowser {
  /**
   * A page at a path, as in a browser that never was here: no cookie, no storage, no history. Signed in when a key is given, in a
   * document that a test before has left, if nothing else is left in it. Its window is a large one unless told otherwise, pixels.
   */
  open(path: string, key?: string, viewport?: Size): Promise<ConsolePage>;
  /** The same in a document that is loaded, for tests of what is loaded and when; signed in as a tab is that is loaded again. */
  openNew(path: string, key?: string, viewport?: Size): Promise<ConsolePage>;
  /**
   * A page that is signed in for many tests, each of which goes to what it looks at by {@link goTo}; the file gives it back.
   * @param isNew its document is loaded.
   */
  keep(path: string, key: string, isNew?: boolean): Promise<ConsolePage & { giveBack(): Promise<void> }>;
}

/** Of a window, pixels. */
interface Size {
  width: number;
  height: number;
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
  const enter = async (page: Page, path: string, key?: string, isNew = false): Promise<ConsolePage> => {
    const heard: Omit<ConsolePage, 'page'> = { faults: [], requests: [] };
    const hear = (): void => overhear(page, heard);
    if (key === undefined) await browser.load(page, `${apiUrl}${path}`, hear);
    else {
      if (isNew || !(await browser.enterAgain(page, `${apiUrl}${path}`, key, hear))) {
        const session = await (browser.sessions[`${apiUrl} ${key}`] ??= sessionOf(apiUrl, key));
        await browser.load(page, `${apiUrl}${path}`, hear, session);
      }
      await isSignedIn(page);
      await browser.look(page);
    }
    return { page, ...heard };
  };
  const open = async (isNew: boolean, path: string, key?: string, viewport?: Size): Promise<ConsolePage> => {
    const page = await browser.take(apiUrl, viewport);
    onTestFinished(({ task }) => browser.giveBack(page, apiUrl, task.result?.state === 'pass'));
    return enter(page, path, key, isNew);
  };
  return {
    open: (...what) => open(false, ...what),
    openNew: (...what) => open(true, ...what),
    async keep(path, key, isNew) {
      const page = await browser.take(apiUrl);
      return { ...(await enter(page, path, key, isNew)), giveBack: () => browser.giveBack(page, apiUrl, true) };
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
  // With the number that the router gives each entry: by it, it knows what Back leaves.
  await page.evaluate(
    `history.pushState({ idx: history.state.idx + 1 }, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
  );
  await shown.waitFor();
  let before;
  do {
    before = begun;
    await settled(page);
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

/**
 * What the session storage holds after a sign-in with a key, as JSON.
 * @throws Error when the API does not know the key.
 */
async function sessionOf(apiUrl: string, key: string): Promise<string> {
  const answer = await fetch(`${apiUrl}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  if (!answer.ok) {
    throw new Error(
      `Expected a key that the API knows, got ${answer.status}. Open the page without it and use the form.`,
    );
  }
  return JSON.stringify({ 'posthorn-session': JSON.stringify({ key, me: await answer.json() }) });
}

/** Enters a key into the sign-in form and waits for the frame around the pages. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await isSignedIn(page);
}

/** Looked for in the header alone: what a button is, and is called, is asked of every element of a document. */
const isSignedIn = (page: Page): Promise<void> =>
  page.locator('.shell-header').getByRole('button', { name: 'Sign out' }).waitFor();

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
