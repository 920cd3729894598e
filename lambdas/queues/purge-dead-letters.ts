import { DeleteMessageBatchCommand, type SQSClient } from '#aws-sdk/client-sqs';
import type { Mortal } from '../domain/purge.ts';
import type { Logger } from '../runtime/logger.ts';
import { graveyardOf, type PurgeableStore } from '../stores/purges.ts';
import type { QuotaStore } from '../stores/quotas.ts';
import { depthOf, takeDeadLetters } from './depths.ts';
import { changeVisibility } from './visibility.ts';

/** Seconds that a dead letter stays unseen, so that the next receive brings another: longer than a step and its pause. */
const UNSEEN_SECONDS = 180;
/**
 * Rounds of one queue in a pass: SQS hands dead letters out in no order, so a sweep that never meets an empty answer would
 * have no end. Of more than that some stay; they end after 14 days, and the tombstone keeps them from being sent.
 */
const MOST_ROUNDS = 2000;
/** What somebody else has in hand is waited for so often: 10 minutes. */
const MOST_WAITS = 120;
const WAIT_SECONDS = 5;
const TRIES = 3;
/** Receives under way at once; each brings ten messages at most. */
const PARALLEL = 5;
/** Who sweeps has the dead letters for itself: another would take those that it does not see for gone. */
const LOCK = 'purge-dead-letters';

/** Whose a dead letter is: the event it holds, or the job it asks for. Bodies are looked at here and nowhere kept. */
interface Owner {
  organization?: unknown;
  event?: Mortal;
}

interface Place {
  queue: number;
  round: number;
  waits: number;
}

type Options = {
  /** All dead letters that hold messages of the pipeline. */
  queueUrls: readonly string[];
  /** Lets one purge sweep at a time. */
  quotas: Pick<QuotaStore, 'take' | 'free'>;
  logger: Logger;
};

/**
 * Deletes the dead letters of a purged organization or resource: a tombstone stops only messages that a function
 * receives, and nobody receives dead letters.
 */
export function createDeadLetterPurge(
  sqs: SQSClient,
  { queueUrls, quotas, logger }: Options,
): PurgeableStore['remove'] {
  return async (target, place, isOver) => {
    const { id, organization, resource, through_ms } = target;
    const graveyard = graveyardOf([{ ...target, purge: id, created_ms: 0, through_ms }]);
    const isMeant = ({ event, organization: of }: Owner): boolean =>
      event ? graveyard.isDead(event) : resource === undefined && of === organization;
    let { queue, round, waits } = (place?.from ?? { queue: 0, round: 0, waits: 0 }) as unknown as Place;
    let deleted = 0;
    const goOn = (next: Place, pauseSeconds = 0) => ({
      deleted: { dead_letters: deleted },
      place: { at: 0, from: { ...next } },
      pauseSeconds,
    });
    const isMine = (holder: string): Promise<boolean> => Promise.resolve(holder === id);
    const lock = { places: 1, seconds: UNSEEN_SECONDS, isOver: isMine };
    if (!(await quotas.take(LOCK, id, lock))) return goOn({ queue, round, waits }, WAIT_SECONDS);
    for (; queue < queueUrls.length; queue += 1, round = 0, waits = 0) {
      const url = queueUrls[queue]!;
      if (isOver()) return goOn({ queue, round, waits });
      if (round === 0 && waits < MOST_WAITS && (await depthOf(sqs, url)).in_flight > 0)
        return goOn({ queue, round, waits: waits + 1 }, WAIT_SECONDS);
      const others: string[] = [];
      for (let isEmpty = false; !isEmpty && round < MOST_ROUNDS; round += PARALLEL) {
        if (isOver()) return goOn({ queue, round, waits });
        const swept = await Promise.all(Array.from({ length: PARALLEL }, () => sweep(sqs, url, isMeant)));
        deleted += swept.reduce((sum, one) => sum + one.deleted, 0);
        others.push(...swept.flatMap((one) => one.others));
        isEmpty = swept.some(({ received }) => received === 0);
      }
      const back = others.map((receiptHandle) => ({ receiptHandle, seconds: 0 }));
      await changeVisibility(sqs, url, back, logger);
    }
    await quotas.free(LOCK, id, 1);
    return { deleted: { dead_letters: deleted } };
  };
}

async function sweep(
  sqs: SQSClient,
  QueueUrl: string,
  isMeant: (owner: Owner) => boolean,
): Promise<{ received: number; deleted: number; others: string[] }> {
  const letters = await takeDeadLetters(sqs, QueueUrl, UNSEEN_SECONDS);
  const meant = letters.filter(({ Body }) => isMeant(ownerOf(Body)));
  const others = letters.filter((one) => !meant.includes(one)).map(({ ReceiptHandle }) => ReceiptHandle!);
  let left = meant.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle: ReceiptHandle! }));
  for (let tries = 0; left.length > 0; tries++) {
    if (tries === TRIES)
      throw new Error(`Expected SQS to delete ${left.length} dead letters, it refused ${TRIES} times.`);
    const { Successful = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: left }));
    const gone = new Set(Successful.map(({ Id }) => Id));
    left = left.filter(({ Id }) => !gone.has(Id));
  }
  return { received: letters.length, deleted: meant.length, others };
}

/** Of what cannot be read nobody knows whose it is. */
function ownerOf(body = ''): Owner {
  try {
    const { event, job } = JSON.parse(body) as { event?: Mortal; job?: { organization?: unknown } };
    return { organization: job?.organization, ...(typeof event?.organization === 'string' && { event }) };
  } catch {
    return {};
  }
}
