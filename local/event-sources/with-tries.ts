import { CutOff } from '../cut-off.ts';
import { pause } from './repeater.ts';

/** Tries of a call that failed for a moment, as many as an SDK makes. */
const TRIES = 3;
const FIRST_PAUSE_MS = 100;

/**
 * Makes a call inside of the process as an SDK makes one by HTTP: again, when its connection was cut or it failed for a moment.
 * @param isPassing whether the same call may succeed a moment later. @param signal ends the tries.
 */
export async function withTries<T>(
  call: () => Promise<T>,
  isPassing: (error: unknown) => boolean,
  signal: AbortSignal,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === TRIES || signal.aborted || !(error instanceof CutOff || isPassing(error))) throw error;
      await pause(FIRST_PAUSE_MS * 2 ** tries * Math.random(), signal);
    }
  }
}
