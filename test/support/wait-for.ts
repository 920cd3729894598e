/**
 * Waits until `read` returns something other than undefined or false, asking every 20 ms, and returns it.
 * Tests wait for conditions, never for time.
 * @param what names the condition in the error.
 * @throws when `timeoutMs` (default 20,000) passes first; says what was awaited.
 */
export async function waitFor<T>(
  what: string,
  read: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
