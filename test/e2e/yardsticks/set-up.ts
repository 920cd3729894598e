import { inject } from 'vitest';
import { connect, type LoggedAttempt, type Posthorn } from '../../support/posthorn.ts';
import { startReceiver, type ReceivedRequest, type Receiver } from '../../support/receiver.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Outcomes after which nothing more is tried. */
const FINAL = ['delivered', 'exhausted', 'gone', 'cancelled', 'skipped'];

/**
 * What a test needs to be a customer: the platform, a server of the customer's, and organizations of its own. Tests that wait for
 * deliveries and retries run side by side.
 */
export interface Yardstick {
  posthorn: Posthorn;
  receiver: Receiver;
  /** A new organization's name, also used as first part of its paths. */
  organization(): string;
  /** A key bound to the organization: what the customer itself is given. */
  organizationKey(organization: string): Promise<string>;
  /** The requests to a path, once there are so many. */
  received(path: string, count: number): Promise<ReceivedRequest[]>;
  /** The log of a subscription, oldest first, once so many deliveries have come to their end. */
  settledLog(subscription: string, deliveries: number): Promise<LoggedAttempt[]>;
  close(): Promise<void>;
}

/** @param name begins the names of this file's organizations. @param given a platform of the test's own. */
export async function startYardstick(name: string, given?: Posthorn): Promise<Yardstick> {
  const posthorn = given ?? connect(inject('outputs'));
  const receiver = await startReceiver();
  let count = 0;
  return {
    posthorn,
    receiver,
    organization: () => `${name}_${process.pid}_${++count}`,
    organizationKey: (organization) => posthorn.apiKey({ scopes: ['organization'], organization }),
    received: (path, wanted) =>
      waitFor(`${wanted} requests to ${path}`, () => {
        const requests = receiver.requests(path);
        return requests.length >= wanted && requests;
      }),
    settledLog: (subscription, deliveries) =>
      waitFor(`${deliveries} deliveries of ${subscription} to end`, async () => {
        const log = (await posthorn.attempts(subscription)).toReversed();
        return log.filter(({ outcome }) => FINAL.includes(outcome)).length >= deliveries && log;
      }),
    close: () => receiver.close(),
  };
}

/** The body of a request as JSON. */
export function bodyOf<T = Record<string, unknown>>(request: ReceivedRequest): T {
  return JSON.parse(request.body) as T;
}
