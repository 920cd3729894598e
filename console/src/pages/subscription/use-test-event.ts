import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { ApiError, bodyOf, type Client } from '../../api/client.ts';
import type { Answer, Attempt, Input } from '../../api/types.ts';
import { useSession } from '../../session.tsx';

/** An event type of which there is an example. */
export type SampleType = Input<'sendSample'>['type'];
type TestAnswer = Pick<Answer<'pingSubscription'>, 'event_id'> & { attempt?: Attempt };

/** How long the API waits for the endpoint's answer, seconds. */
const WAIT = 10;
/** Afterwards the log is looked at, as often and as far apart: an endpoint may take 30 s to answer. */
const LOOKS = 13;
const BETWEEN_LOOKS_MS = 2000;
/** How long the answer is waited for in all, seconds. */
export const LONGEST_SECONDS = WAIT + (LOOKS * BETWEEN_LOOKS_MS) / 1000;

/**
 * Sends an event to one subscription to try it out, once, and waits for what the endpoint answers.
 * @param sample whose example it is; absent: a ping
 * @returns the answer, without an attempt when none came in time, or what went wrong; neither while it is waited for
 */
export function useTestEvent(subscription: string, sample: SampleType | undefined) {
  const { client } = useSession();
  const queries = useQueryClient();
  const [round, setRound] = useState(0);
  const [result, setResult] = useState<TestAnswer>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    let isCurrent = true;
    const send = (wait: number): Promise<TestAnswer> => post(client, subscription, sample, wait);
    const sendAndLook = async (): Promise<TestAnswer> => {
      // One of a key is waited for at a time; who shares the key with somebody looks into the log from the beginning.
      const answer = await send(WAIT).catch((failure: unknown) => {
        if (isBusy(failure)) return send(0);
        throw failure;
      });
      for (let looks = 0; !answer.attempt && isCurrent && looks < LOOKS; looks++) {
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
        answer.attempt = await firstAttempt(client, subscription, answer.event_id);
      }
      return answer;
    };
    sendAndLook()
      .then(
        (answer) => isCurrent && setResult(answer),
        (failure: unknown) => isCurrent && setError(failure),
      )
      .finally(() => void queries.invalidateQueries({ queryKey: ['/v1/attempts'] }));
    return () => {
      isCurrent = false;
    };
  }, [client, subscription, sample, queries, round]);
  const again = (): void => {
    setResult(undefined);
    setError(undefined);
    setRound(round + 1);
  };
  return { result, error, again };
}

function post(client: Client, id: string, type: SampleType | undefined, wait: number): Promise<TestAnswer> {
  const params = { path: { id }, query: { wait: String(wait) } };
  return type === undefined
    ? bodyOf(client.POST('/v1/subscriptions/{id}/ping', { params }))
    : bodyOf(client.POST('/v1/subscriptions/{id}/sample', { params, body: { type } }));
}

async function firstAttempt(client: Client, subscription: string, event: string): Promise<Attempt | undefined> {
  const query = { subscription, event, limit: '1' };
  return (await bodyOf(client.GET('/v1/attempts', { params: { query } }))).data[0];
}

function isBusy(failure: unknown): boolean {
  return failure instanceof ApiError && failure.status === 429;
}
