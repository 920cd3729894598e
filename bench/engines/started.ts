import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { LeftOut } from './tools.ts';

const LONGEST_MS = 60_000;
const EVERY_MS = 100;

/** An engine that runs beside this process, on a port of loopback. */
export interface Engine {
  endpoint: string;
  /** Ends it, and waits until it is gone. */
  close(): Promise<void>;
}

/**
 * Waits until a program that was begun answers.
 * @param address what it answers, with whatever status. @throws LeftOut, once it is gone, when it does not within a minute.
 */
export async function started(
  name: string,
  child: ChildProcess,
  { endpoint, address = endpoint }: { endpoint: string; address?: string },
): Promise<Engine> {
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    const done = (): void => {
      isGone = true;
      resolve();
    };
    // One that could not be begun at all has no end, only an error.
    child.once('error', done).once('close', done);
  });
  const close = async (): Promise<void> => {
    child.kill();
    await gone;
  };
  const deadline = Date.now() + LONGEST_MS;
  while (!(await answers(address))) {
    if (Date.now() > deadline || isGone) {
      await close();
      throw new LeftOut(`${name} did not start within ${LONGEST_MS / 1000} s`);
    }
    await pause(EVERY_MS);
  }
  return { endpoint, close };
}

function answers(address: string): Promise<boolean> {
  return fetch(address).then(
    () => true,
    () => false,
  );
}
