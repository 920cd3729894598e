import { chromium, type Browser, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { findBrowser } from './browser.ts';

/** What tests of the console wait at most for one thing, milliseconds: a start of the api function is among them. */
const PATIENCE_MS = 20_000;

/** A browser with the console in it; each page has a session of its own, and is closed when its test ends. */
export interface ConsoleBrowser {
  /** A page at a path; signed in when a key is given. Its window is a large one unless told otherwise, pixels. */
  open(path: string, key?: string, viewport?: { width: number; height: number }): Promise<ConsolePage>;
  close(): Promise<void>;
}

export interface ConsolePage {
  page: Page;
  /** Errors of the page and everything that its content security policy refused. */
  faults: string[];
  /** Addresses of every request that the page made. */
  requests: string[];
}

/** Starts Chromium without a head and without any traffic of its own. */
export async function startBrowser(apiUrl: string): Promise<ConsoleBrowser> {
  const browser: Browser = await chromium.launch({
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
    ],
  });
  return {
    async open(path, key, viewport = { width: 1440, height: 900 }) {
      const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
      // An open page goes on asking for what is new, and takes the time of the tests behind it.
      onTestFinished(() => context.close());
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      const faults: string[] = [];
      const requests: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        // An answer of 4xx is part of some tests; the browser logs each as an error.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          faults.push(message.text());
        }
      });
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(`${apiUrl}${path}`);
      if (key !== undefined) await signIn(page, key);
      return { page, faults, requests };
    },
    close: () => browser.close(),
  };
}

/** Enters a key into the sign-in form and waits for the frame around the pages. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

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
