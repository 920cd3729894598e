import type { ComeBack } from '../../lambdas/domain/delivery/trouble.ts';
import { VISIBILITY_TIMES } from '../../lambdas/domain/limits.ts';
import type { TakeInHand } from '../../lambdas/domain/messages/in-hand.ts';
import { createComeBack } from '../../lambdas/queues/come-back.ts';
import { createTakeInHand } from '../../lambdas/queues/in-hand.ts';
import type { SenderDeps } from '../../lambdas/sender/ports.ts';
import type { Container } from './container.ts';
import type { SimulatedQueue } from './queue.ts';
import type { World } from './world.ts';

const nothing = (): void => undefined;
export const silent = { info: nothing, warn: nothing, error: nothing };
export const noMetrics = { count: nothing, milliseconds: nothing };
/** Sends to a queue as SendMessageBatch does: part of it may fail, and a lost answer counts as failed. */
export function sendAll(container: Container, queue: SimulatedQueue) {
  return async (entries: readonly { body: string; delaySeconds?: number; kind?: string }[]): Promise<Set<number>> => {
    const failed = new Set<number>();
    await Promise.all(
      entries.map(({ body, delaySeconds = 0, kind }, index) =>
        container.call(() => queue.send(body, delaySeconds * 1000, kind)).catch(() => void failed.add(index)),
      ),
    );
    return failed;
  };
}

/** How messages of a queue come back that failed for a reason of ours. */
export function comeBackTo(
  queue: SimulatedQueue,
  deadLetters: SimulatedQueue,
  world: World,
  container: Container,
): ComeBack {
  return createComeBack({
    send: sendAll(container, queue),
    toDeadLetters: sendAll(container, deadLetters),
    logger: silent,
    now: world.clock.now,
    random: () => world.chance.next(),
  });
}

/** Takes messages of a queue in hand. */
export function takeFrom(
  queue: SimulatedQueue,
  timeoutSeconds: number,
  world: World,
  container: Container,
): TakeInHand {
  return createTakeInHand({
    changeVisibility: async (changes) => {
      for (const { receiptHandle } of changes) world.asked.add(receiptHandle);
      try {
        const refused = await container.call(() =>
          changes.filter(({ receiptHandle, seconds }) => !queue.changeVisibility(receiptHandle, seconds)),
        );
        return new Set(refused.map(({ receiptHandle }) => receiptHandle));
      } catch {
        return new Set(changes.map(({ receiptHandle }) => receiptHandle));
      }
    },
    ownSeconds: VISIBILITY_TIMES * timeoutSeconds,
    logger: silent,
    metrics: noMetrics,
    now: world.clock.now,
    after: afterIn(world, container),
  });
}

/** A timer of a process: it dies with it. */
export function afterIn({ timeline }: World, container: Container): SenderDeps['after'] {
  return (ms, happen) => {
    let isDue = true;
    timeline.after(ms, () => (isDue && !container.dead ? happen() : false));
    return () => void (isDue = false);
  };
}
