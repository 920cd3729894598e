/** Part of the time waited so far that is waited until the next look: so much longer a wait may become. */
const PART = 1 / 3;
/**
 * Bounds of it, milliseconds. Many look by asking the API, which takes 10 ms of a processor each time, mostly from what they wait
 * for: of the calls of the end-to-end tests 780 of 2,050 are looks.
 */
const PAUSE_MS = { least: 50, most: 500 };

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
    const pauseMs = Math.min(Math.max(waitedMs * PART, PAUSE_MS.least), PAUSE_MS.most);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
