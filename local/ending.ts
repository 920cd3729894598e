const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** How often the parent is looked for, milliseconds. */
const LOOK_MS = 500;

/**
 * Ends this process on one of the usual signals, or when the process that started it is gone, even if it was killed. Call it
 * first of all: a signal, or the end of the parent, must also end a long start.
 * @param end releases everything; the process exits when it is done. A second signal does not wait for it.
 */
export function endWhenAsked(end: () => Promise<void>): void {
  let ending = false;
  const begin = (): void => {
    ending = true;
    clearInterval(watch);
    end().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  // Asked a second time: at once. The functions notice the closed pipe and end too.
  for (const signal of SIGNALS) process.on(signal, () => (ending ? process.exit(1) : begin()));
  const parent = process.ppid;
  const watch = setInterval(() => process.ppid !== parent && begin(), LOOK_MS).unref();
}
