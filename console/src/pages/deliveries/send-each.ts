import { ApiError } from '../../api/client.ts';
import type { Delivery } from '../../api/types.ts';

/** Requests under way at the same time: some tens a second, of the hundred that a key has. */
const PARALLEL = 4;
/** Rest when the API asks for patience, milliseconds. */
const REST_MS = 1000;

/** How far it is. */
export interface Sent {
  done: number;
  refused: { delivery: Delivery; error: unknown }[];
}

/** Sends each delivery again, some at a time; where the API asks for patience, it waits and asks once more. */
export async function sendEach(
  deliveries: readonly Delivery[],
  {
    send,
    told,
    isStopped,
    rest = () => new Promise((resolve) => setTimeout(resolve, REST_MS)),
  }: {
    /** @throws what stands against it. */
    send: (delivery: Delivery) => Promise<unknown>;
    told: (sent: Sent) => void;
    isStopped: () => boolean;
    rest?: () => Promise<unknown>;
  },
): Promise<void> {
  const left = [...deliveries];
  const sent: Sent = { done: 0, refused: [] };
  const one = async (delivery: Delivery): Promise<void> => {
    for (;;) {
      try {
        await send(delivery);
        sent.done += 1;
        return;
      } catch (error) {
        if (error instanceof ApiError && error.status === 429 && !isStopped()) {
          await rest();
          continue;
        }
        sent.refused.push({ delivery, error });
        return;
      }
    }
  };
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next && !isStopped(); next = left.shift()) {
      await one(next);
      told({ done: sent.done, refused: [...sent.refused] });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}
