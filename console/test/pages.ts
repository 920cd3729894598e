import { chromium, type Browser, type CDPSession, type Page, type Request } from 'playwright-core';
import { findBrowser } from './browser.ts';
import { globalsOf, settled, signInAgain, signOut } from './used-again.ts';

// Pages that were used already: a new one, with a process and caches of its own, takes 0.9 s of processor time more than one that
// is emptied.

/** What tests of the console wait at most for one thing, milliseconds: a start of the api function is among them. */
const PATIENCE_MS = 20_000;

/** How often it is looked whether all requests of a page were answered, before its document is given up. */
const MOST_TURNS = 50;

/** What the sign-in page asks for, whoever signs in next. */
const OF_SIGN_IN = '/v1/sign-in/methods';

/** Of tests that ask for no other window, pixels. */
const WINDOW = { width: 1440, height: 900 };

/** What tests and this module listen to. Playwright itself listens to others, which must stay. */
const LISTENED = ['pageerror', 'console', 'request', 'dialog'] as const;

/**
 * Where a page begins, below the address of its API: of the console's own site, since the browser makes a new process for another
 * one; and nothing there, so that nothing runs.
 */
const NOWHERE = '/nowhere';

/**
 * Pages of tests live for seconds: what V8 compiles once more, to run faster later, costs more than it brings, 15 % of all that the
 * browser takes. The next page runs the same scripts: forgetting in between what was compiled takes 5 %, and compiling all of it once,
 * plainly, instead of interpreting it at first saves as much, together with a heap that is emptied less often and by one thread.
 */
const SHORT_LIVED = [
  '--js-flags=--no-opt,--no-maglev,--always-sparkplug,--no-flush-bytecode,--min-semi-space-size=16,--single-threaded-gc',
];

/** Starts Chromium without a head and without any traffic of its own. */
export const launchBrowser = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: findBrowser()!,
    args: [
      // Tests run as root in containers, where Chromium's own sandbox cannot start.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });

/** A page in a context of its own, as in a browser that never was here. */
export async function newPage(browser: Browser, viewport = WINDOW): Promise<Page> {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}

const asked = new WeakMap<Page, Set<Request>>();

/** Requests of a page that were not answered yet; heard of from the first time on that somebody asks. */
function underWay(page: Page): Set<Request> {
  const known = asked.get(page);
  if (known) return known;
  const open = new Set<Request>();
  const end = (request: Request): void => void open.delete(request);
  page.context().on('request', (request) => void open.add(request));
  page.context().on('requestfinished', end).on('requestfailed', end);
  asked.set(page, open);
  return open;
}

/** A browser whose pages are used again. */
export interface SharedBrowser {
  /** A page at the site of the API, of which nobody can tell whether it was used before once `load` has taken it elsewhere. */
  take(apiUrl: string, viewport?: { width: number; height: number }): Promise<Page>;
  /**
   * Loads an address into a page that was taken, as into a new one.
   * @param hear is called when nothing of what was there before can be heard any more.
   * @param session what the session storage holds then, as JSON.
   */
  load(page: Page, address: string, hear: () => void, session?: string): Promise<void>;
  /** Signs in to the document that a test has left in a page that was taken. @returns false: there is none; load one. */
  enterAgain(page: Page, address: string, key: string, hear: () => void): Promise<boolean>;
  /** Remembers of the first document, which is new, what is global in it. */
  look(page: Page): Promise<void>;
  /**
   * Keeps a page for the next test, and closes it where something may stay in it. Either way it stops asking for what is new, which
   * would take the time of the tests behind it.
   * @param apiUrl where its storage is.
   * @param isWell whether its test passed: else nobody knows what it did.
   */
  giveBack(page: Page, apiUrl: string, isWell: boolean): Promise<void>;
  /** What the session storage of a page holds that is signed in, as JSON, by where and with which key. */
  sessions: Record<string, Promise<string>>;
}

/** Starts a browser for all tests of this process. */
export async function shareBrowser(): Promise<SharedBrowser> {
  const browser = await launchBrowser(SHORT_LIVED);
  /** Empty pages, each the only tab of its context. */
  const idle: Page[] = [];
  /** Those of them whose document can be used again, with the address of its API. */
  const signedOut = new Map<Page, string>();
  let newGlobals: string | undefined;
  /** Signs out; whatever the console still waits for would reach the next test. */
  const leave = async (page: Page): Promise<boolean> => {
    if (newGlobals === undefined || !(await signOut(page, newGlobals))) return false;
    const isWaiting = (): boolean => [...underWay(page)].some((request) => !request.url().endsWith(OF_SIGN_IN));
    for (let turns = 0; isWaiting() && turns < MOST_TURNS; turns += 1) await settled(page);
    return !isWaiting();
  };
  return {
    sessions: {},
    async load(page, ...what) {
      signedOut.delete(page);
      await load(page, ...what);
    },
    async enterAgain(page, address, key, hear) {
      const { origin, href } = new URL(address);
      const isHere = signedOut.get(page) === origin;
      signedOut.delete(page);
      if (!isHere) return false;
      hear();
      await signInAgain(page, href.slice(origin.length), key);
      await forgetHistory(page);
      return true;
    },
    async look(page) {
      newGlobals ??= await globalsOf(page);
    },
    async take(apiUrl, viewport = WINDOW) {
      const used = idle.pop();
      // Laid out anew even where it is as before.
      if (JSON.stringify(used?.viewportSize()) !== JSON.stringify(viewport)) await used?.setViewportSize(viewport);
      const page = used ?? (await newPage(browser, viewport));
      underWay(page);
      const { origin } = new URL(apiUrl);
      if (new URL(page.url()).origin !== origin) await page.goto(`${origin}${NOWHERE}`);
      return page;
    },
    async giveBack(page, apiUrl, isWell) {
      const context = page.context();
      const { origin } = new URL(apiUrl);
      if (!isWell && !page.isClosed()) await tell(page);
      if (!isWell || page.isClosed() || new URL(page.url()).origin !== origin) return context.close();
      try {
        for (const tab of context.pages()) if (tab !== page) await tab.close();
        for (const event of LISTENED) page.removeAllListeners(event);
        await page.unrouteAll({ behavior: 'ignoreErrors' });
        if (await leave(page)) signedOut.set(page, origin);
        else await page.evaluate(STANDSTILL);
        await empty(page, origin);
        idle.push(page);
      } catch {
        await context.close();
      }
    },
  };
}

/** Says what a page shows whose test has failed, for what happens once in a hundred runs; keys and secrets left out. */
async function tell(page: Page): Promise<void> {
  const text = await page.evaluate<string>('document.body.innerText').catch(String);
  const shown = text.replaceAll(/\b(wh\w+|ph\w)_[\w+/=-]+/g, '$1_…');
  console.error(`A test failed while ${page.url().replace(/#.*/, '')} showed:\n${shown}`);
}

/**
 * Takes from a page what is not of its document. The document itself stays, signed out or standing still, until the next test: one of
 * nothing in between is a tenth of a second of a processor.
 */
async function empty(page: Page, origin: string): Promise<void> {
  const context = page.context();
  await page.emulateMedia({ media: null, colorScheme: null, forcedColors: null, reducedMotion: 'reduce' });
  await page.mouse.move(0, 0);
  await context.clearCookies();
  await (await devToolsOf(page)).send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
}

const devTools = new WeakMap<Page, Promise<CDPSession>>();

/** One session a page: what begins and ends it is more than what is asked in it. */
function devToolsOf(page: Page): Promise<CDPSession> {
  const made = devTools.get(page) ?? page.context().newCDPSession(page);
  devTools.set(page, made);
  return made;
}

/**
 * Ends the timers of a document, which have numbers that rise. Answers still come: a file of the console that does not would make
 * it load itself anew.
 */
const STANDSTILL = 'for (let timer = setTimeout(() => undefined); timer > 0; timer -= 1) clearTimeout(timer);';

async function load(page: Page, address: string, hear: () => void, session = '{}'): Promise<void> {
  // The last moment of the document that is there: nothing that is still under way in it can change what the next one finds.
  await page.evaluate(`${STANDSTILL}
    addEventListener('pagehide', () => {
      for (const storage of [localStorage, sessionStorage]) storage.clear();
      Object.assign(sessionStorage, ${session});
    });`);
  // An address that differs from the one before by its fragment alone loads nothing.
  if (address.includes('#')) await page.goto(new URL(NOWHERE, address).href);
  hear();
  await page.goto(address);
  await forgetHistory(page);
}

/** What is shown becomes the first that the page ever showed. */
async function forgetHistory(page: Page): Promise<void> {
  await (await devToolsOf(page)).send('Page.resetNavigationHistory');
}
