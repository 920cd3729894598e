import { LATE_MS } from '../domain/endpoint/turns.ts';
import { targetName } from '../stores/delivery-targets.ts';
import type { DeliveryTarget } from '../stores/delivery-targets.ts';
import type { ReceivedDelivery } from './delivery.ts';
import type { SenderDeps } from './ports.ts';

/**
 * As long as a request waits for its turn, milliseconds: a step of a release is worth five seconds, and hands them out one by
 * one. This is for one that SQS brings late and all at once: held again they would lose their order. Others of the batch are
 * not kept waiting.
 */
const LONGEST_WAIT_MS = 6000;

/** Turns of endpoints with a ceiling, for the requests of one batch. */
export interface TurnTaker {
  /**
   * Waits until a request may be made; it has to be made at once then.
   * @returns false when there was no turn in time, or the endpoint takes nothing any more. @throws when whose turn it is could not be told.
   */
  take(delivery: ReceivedDelivery, target: DeliveryTarget, perSecond: number): Promise<boolean>;
}

interface Waiting {
  event: string;
  /** It goes out although the endpoint takes nothing. */
  passes: boolean;
  untilMs: number;
  resolve: (granted: boolean) => void;
  reject: (error: unknown) => void;
}

/** All requests of a batch to one endpoint that wait at the same time take their turns together, in event order. */
export function createTurnTaker({ health, now, after }: Pick<SenderDeps, 'health' | 'now' | 'after'>): TurnTaker {
  const lines = new Map<string, Waiting[]>();

  const serve = async (
    line: Waiting[],
    name: string,
    { key }: ReceivedDelivery,
    target: DeliveryTarget,
    perSecond: number,
  ): Promise<void> => {
    // Those of the same batch that are about to ask.
    await Promise.resolve();
    let before = target.health?.turns;
    while (line.length > 0) {
      line.sort((a, b) => (a.event < b.event ? -1 : 1));
      const askedMs = now();
      const { granted, waitMs, turns } = await health.takeTurns(
        key,
        { count: line.length, perSecond, before, passes: line.some(({ passes }) => passes) },
        askedMs,
      );
      before = turns;
      // Noted for so long ago that the next turns may be others'.
      const isLost = granted > 0 && now() - askedMs > LATE_MS;
      if (!isLost) for (const one of line.splice(0, granted)) one.resolve(true);
      const late = line.filter(({ untilMs }) => now() + waitMs > untilMs);
      for (const one of late) one.resolve(false);
      line.splice(0, line.length, ...line.filter((one) => !late.includes(one)));
      if (line.length > 0 && waitMs > 0) await new Promise<void>((resolve) => void after(waitMs, resolve));
    }
    // At once: whoever asks from here on would stand in a line that nobody serves.
    lines.delete(name);
  };

  return {
    take(delivery, target, perSecond) {
      const name = targetName(delivery.key);
      return new Promise<boolean>((resolve, reject) => {
        const { event, probe = false, heal = false } = delivery.message;
        const waiting = { event: event.id, passes: probe || heal, untilMs: now() + LONGEST_WAIT_MS, resolve, reject };
        const known = lines.get(name);
        if (known) return void known.push(waiting);
        const line = [waiting];
        lines.set(name, line);
        serve(line, name, delivery, target, perSecond).catch((error: unknown) => {
          lines.delete(name);
          for (const one of line) one.reject(error);
        });
      });
    },
  };
}
