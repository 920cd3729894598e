import { setTimeout as pause } from 'node:timers/promises';
import type { Posthorn } from '../../test/support/posthorn.ts';

/** A producer sends again what a 5xx says was not stored. */
const TRIES = 10;
const PAUSE_MS = 200;

/**
 * Posts a batch of events with the producer's key, as producers do.
 * @param body as text, where its bytes matter.
 * @returns what the API says of each. @throws when it is refused, or not taken after {@link TRIES} tries.
 */
export async function publishBatch(
  posthorn: Posthorn,
  body: string | { events: unknown[] },
): Promise<{ id?: string }[]> {
  const key = posthorn.outputs.local!.ProducerApiKey!;
  const post = () => posthorn.call<{ data: { id?: string }[] }>('POST', '/v1/events/batch', body, key);
  let answer = await post();
  for (let tries = 1; answer.status >= 500 && tries < TRIES; tries++) {
    await pause(tries * PAUSE_MS);
    answer = await post();
  }
  const { status, body: said } = answer;
  if (status !== 202) throw new Error(`Expected 202 for a batch, got ${status} ${JSON.stringify(said)}`);
  return said.data;
}
