import type { Lane } from '../../lambdas/sender/ports.ts';
import type { Container } from './container.ts';
import type { Received } from './queue.ts';

/** What one stage does with a batch; returns the ids of the messages that are not done. */
export type Stage = (messages: readonly Received[], remainingMs: () => number) => Promise<readonly string[]>;

/** Recovery has a queue and two schedules. */
export interface Recovery {
  work: Stage;
  lookAfter(remainingMs: () => number): Promise<void>;
  reconcile(remainingMs: () => number): Promise<void>;
}

/** Makes the stages that queues and schedules start, inside a container. */
export interface Connected {
  fanOut(container: Container): Stage;
  sender(container: Container, lane: Lane): Stage;
  recovery(container: Container): Recovery;
}
