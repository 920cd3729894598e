import { setTimeout as pause } from 'node:timers/promises';

/** Between two looks, milliseconds: what is soon over is soon told, and what lasts is asked about once a second. */
const PAUSE_MS = { first: 100, longest: 1000 };

/** Looks at a job until it is over. @returns it as it was then. */
export async function follow<T>(
  look: () => Promise<T>,
  isOver: (job: T) => boolean,
  wait: (ms: number) => Promise<void> = pause,
): Promise<T> {
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS.longest)) {
    const job = await look();
    if (isOver(job)) return job;
    await wait(pauseMs);
  }
}
