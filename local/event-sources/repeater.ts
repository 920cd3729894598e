/** Pause after a round that failed: doubled from the first to the last. */
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 10_000;

/**
 * Runs rounds of work one after the other until it is closed. A round that throws is logged and followed by a pause,
 * so that a missing grant is seen at once and does not fill the log.
 */
export class Repeater {
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  /** @param what names the work in the log. @param round must end soon after its signal. */
  constructor(what: string, onLog: (line: string) => void, round: (signal: AbortSignal) => Promise<void>) {
    this.#ended = this.#loop(what, onLog, round);
  }

  /** Ends the present round and starts no other. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #loop(
    what: string,
    onLog: (line: string) => void,
    round: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const { signal } = this.#stop;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        await round(signal);
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        if (signal.aborted) return;
        onLog(`ERROR ${what} failed: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
        await pause(pauseMs, signal);
        pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
      }
    }
  }
}

/** Waits, at most until the signal. Never rejects. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
