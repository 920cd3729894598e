import { setTimeout as pause } from 'node:timers/promises';
import type { JsonAnswer, Posthorn } from '../../../test/support/posthorn.ts';
import type { Part } from './part.ts';
import type { Subscribed } from './verdict.ts';

/** Share of the events between two requests for a replay. */
const EVERY = 0.1;
/** Tries of one request: functions die, and AWS fails for minutes. */
const TRIES = 200;
const AGAIN_MS = 500;
/** An outcome that none of the flow's deliveries has: what is asked for is the job, and nothing is sent once more. */
const OUTCOME = 'skipped';

interface Listed {
  data: { id: string; state: string }[];
}

/** Somebody asks for replays all the time: each that is written down ends, whoever dies while it begins. */
export function startReplays(
  posthorn: Posthorn,
  { organization, id }: Subscribed,
  signal: AbortSignal,
): Part & { begun: () => number } {
  let next = EVERY;
  let asking = 0;
  let calls = 0;
  let begun = 0;
  let asked = Promise.resolve();
  const callOnce = (): Promise<JsonAnswer<unknown> | void> => {
    calls += 1;
    return posthorn
      .call('POST', `/v1/subscriptions/${id}/replay`, { outcomes: [OUTCOME] })
      .catch(() => undefined)
      .finally(() => (calls -= 1));
  };
  const ask = async (): Promise<void> => {
    for (let tries = 0; tries < TRIES && !signal.aborted; tries++) {
      const answer = await callOnce();
      if (answer?.status === 202) return void (begun += 1);
      await pause(AGAIN_MS);
    }
  };
  return {
    begun: () => begun,
    inHand: () => calls > 0,
    step(share) {
      if (share < next) return;
      next += EVERY;
      asking += 1;
      // One after the other: while AWS refuses for hours, all of them would ask side by side, for nothing.
      asked = asked.then(ask).finally(() => (asking -= 1));
    },
    async missing() {
      if (asking > 0) return ['replays are asked for'];
      const answer = await posthorn
        .call<Listed>('GET', `/v1/replays?organization=${organization}&limit=100`)
        .catch(() => undefined);
      if (answer?.status !== 200) return ['replays cannot be listed'];
      return answer.body.data.filter(({ state }) => state === 'running').map((one) => `replay ${one.id} runs`);
    },
  };
}
