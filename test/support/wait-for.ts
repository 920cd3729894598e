/**
 * Pauses between two looks, milliseconds: a tenth of the time waited so far, so that looking takes no processor from what is waited
 * for, and makes no wait longer than that.
 */
const PAUSE_MS = { least: 20, most: 250 };

/**
 * Waits until `read` returns something other than undefined or false, and returns it.
 * Tests wait for conditions, never for time.
 * @param what names the condition in the error.
 * @throws when `timeoutMs` (default 20,000) passes first; says what was awaited.
 */
export async function waitFor<T>(
  what: string,
  read: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 20_000,
): Promise<T> {
  const startedMs = Date.now();
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    const waitedMs = Date.now() - startedMs;
    if (waitedMs > timeoutMs) throw new Error(`Waited ${timeoutMs} ms for: ${what}`);
    const pauseMs = Math.min(Math.max(waitedMs / 10, PAUSE_MS.least), PAUSE_MS.most);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
