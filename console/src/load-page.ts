/** When the page was reloaded last because a file was missing, milliseconds; kept with the tab. */
const STORED = 'posthorn-reloaded';
/** A reload did not help if the same happens again so soon, milliseconds. */
const ONCE_IN_MS = 60_000;

/**
 * Loads a page's own file. A tab that was left open over a deployment asks for files that are gone: then the whole page is
 * loaded anew, once. Not without a connection: the browser would put its own page in place of this one.
 * @throws when a reload cannot help.
 */
export async function loadPage<Page>(load: () => Promise<Page>): Promise<Page> {
  try {
    return await load();
  } catch (error) {
    const last = Number(sessionStorage.getItem(STORED) ?? 0);
    if (Date.now() - last < ONCE_IN_MS || !(await isReachable())) {
      throw new Error('A file of this page could not be loaded. Check the connection, then try again.', {
        cause: error,
      });
    }
    sessionStorage.setItem(STORED, String(Date.now()));
    location.reload();
    // Nothing more is shown until the page is loaded anew.
    return new Promise<Page>(() => undefined);
  }
}

/** Whether a reload of this address would bring the page. */
async function isReachable(): Promise<boolean> {
  const answer = await fetch(location.pathname, { cache: 'no-store' }).catch(() => undefined);
  return answer?.ok === true;
}
