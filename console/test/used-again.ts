import type { Page } from 'playwright-core';

// A document of the console costs 0.34 s of processor time to load, of all its processes. One that the test before left is signed out
// of and in to by the console itself, which is 0.18 s: that unmounts the whole page, forgets every answer of the API and empties the
// session storage. What neither does is looked for here, and a document that has any of it is loaded anew, as is one for a test
// about loading, files or signing in (`openNew`). used-again.test.ts compares both kinds.

/** JavaScript: what SessionProvider hands to the pages, of which nothing is public. */
const STATE = `(() => {
  const root = document.getElementById('root');
  const container = root && Object.keys(root).find((name) => name.startsWith('__reactContainer$'));
  let fiber = container && root[container].stateNode.current;
  while (fiber && fiber.memoizedProps?.value?.signIn === undefined) fiber = fiber.child;
  return fiber?.memoizedProps.value;
})()`;

/** JavaScript: whether something is said of the document, its body or the console's root, or stands beside that, as in none that is new. */
const IS_BARE = `[document.documentElement, document.body, document.getElementById('root')]
    .flatMap((element) => [...element.attributes]).filter(({ value }) => value !== '').map(({ name }) => name).join() === 'lang,id' &&
  [...document.body.children].every(({ id, tagName }) => id === 'root' || tagName === 'NOSCRIPT')`;

/** Names of all that a script can reach without being told where it is: what a test has made is among them. */
export const globalsOf = (page: Page): Promise<string> => page.evaluate<string>(GLOBALS);
const GLOBALS = 'Object.keys(globalThis).sort().join()';

/**
 * Signs out as the button does. The keyboard that was used last is forgotten, too: Cloudscape marks the body until a mouse is used.
 * @param globals of a document that was new.
 * @returns whether the document is now as one that was never signed in to; false also where nobody was signed in by a key.
 */
export const signOut = (page: Page, globals: string): Promise<boolean> =>
  page.evaluate<boolean>(`(async () => {
    const state = () => ${STATE};
    const { session } = state() ?? {};
    const stored = JSON.parse(sessionStorage.getItem('posthorn-session') ?? '{}');
    if (!session || !stored.key || stored.portal) return false;
    document.body.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }));
    session.signOut();
    scrollTo(0, 0);
    for (let turns = 0; state().session && turns < 100; turns += 1) await new Promise((done) => setTimeout(done));
    return ${IS_BARE} && ${GLOBALS} === ${JSON.stringify(globals)} && !state().session && document.querySelector('#root form') !== null &&
      localStorage.length === 0 && sessionStorage.length === 0 && document.cookie === '';
  })()`);

/**
 * Signs in to a document that was signed out of, at an address that is its first one.
 * @throws Error when the API refuses the key.
 */
export const signInAgain = (page: Page, path: string, key: string): Promise<void> =>
  page.evaluate(`
    history.replaceState({ idx: 0 }, '', ${JSON.stringify(path)});
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
    ${STATE}.signIn(${JSON.stringify(key)})`);

/** Ends when the page has nothing to do at the moment. */
export const settled = (page: Page): Promise<void> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestIdleCallback(done)))');
