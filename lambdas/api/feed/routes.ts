import { z } from 'zod';
import { maySeePayloads, type Principal } from '../../domain/api-key.ts';
import { buildRequest } from '../../domain/delivery/request.ts';
import { Problem } from '../../domain/problem.ts';
import { isPaused, isPulled } from '../../domain/subscription/begins-anew.ts';
import { cutProblem } from '../../domain/subscription/problem-note.ts';
import { readSubscription } from '../../domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import { OWNERS, STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { eventId, page } from '../http/query-schema.ts';
import { route, type Route } from '../http/route.ts';
import { LONGEST_WAIT_SECONDS, waiting } from '../http/waiting.ts';
import { refuseBroken } from '../subscriptions/sendable.ts';
import { targetOf } from '../subscriptions/view.ts';
import { acknowledge } from './acknowledge.ts';
import { LONGEST_PAGE, MOST_IN_PAGE, writePage } from './place.ts';
import type { FeedDeps } from './ports.ts';
import { keysOf } from './signing.ts';
import { readFeed, type FeedItem, type FeedPage, type FeedRequest } from './read-feed.ts';

/** How often the table is asked while somebody waits, milliseconds. */
const POLL_MS = 500;

const query = z.strictObject({
  after: eventId.optional().describe('Only deliveries of events after this one; default: from the oldest'),
  limit: page.limit.unwrap().default(MOST_IN_PAGE).describe('Most deliveries on one page; a page also ends at 1 MB'),
  wait: z
    .string()
    .regex(/^(\d|10)$/, `expected a whole number of seconds from 0 to ${LONGEST_WAIT_SECONDS}`)
    .transform(Number)
    .default(0)
    .describe('Seconds to wait for a delivery if there is none; one such request per key at a time'),
});

const headers = z.record(z.string(), z.string());
const feedView = z.object({
  data: z
    .array(
      z.object({
        id: z.string().describe('Id of the event, the same as `webhook-id`'),
        headers: headers.describe('The headers of a request, signed now'),
        body: z.string().optional().describe('The exact bytes that are signed, as UTF-8'),
        redacted: z
          .literal(true)
          .optional()
          .describe('The key may not see payloads: the body is left out and signatures are masked'),
      }),
    )
    .describe('In event order'),
  page: z.string().nullable().describe('Names this page for its acknowledgement; null: nothing to acknowledge'),
  next: z.string().nullable().describe('For `after`, to read on without acknowledging; null when nothing follows'),
});

/** `GET /v1/subscriptions/{id}/feed` and `POST …/feed/ack`: deliveries that their customer fetches. */
export function feedRoutes(deps: FeedDeps): Route[] {
  return [
    route({
      operation: 'readFeed',
      method: 'GET',
      path: '/v1/subscriptions/{id}/feed',
      summary: 'The oldest kept deliveries of a subscription with `delivery` pull, signed like requests',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      query,
      success: { status: 200, description: 'A page of deliveries; they stay until acknowledged', schema: feedView },
      handle: async ({ principal, params, query: { wait, ...asked } }) => {
        const row = await deps.subscriptions.find(principal, params.id!);
        refuseUnfetchable(row);
        const sign = await createSign(row, deps);
        const { items, next } = await pageOf(principal, row, { ...asked, wait }, deps);
        const isShown = maySeePayloads(principal);
        if (isShown && items.length > 0) {
          const { organization, subscription } = targetOf(row);
          await deps.view(principal, { type: 'subscription', id: subscription, organization });
        }
        const atMs = deps.now();
        const data = items.map((item) => sign(item, atMs, isShown));
        const deliveries = items.map(({ held }) => held);
        return {
          status: 200,
          body: { data, page: data.length === 0 ? null : writePage({ atMs, deliveries }), next: next ?? null },
        };
      },
    }),
    route({
      operation: 'acknowledgeFeed',
      method: 'POST',
      path: '/v1/subscriptions/{id}/feed/ack',
      summary:
        'Acknowledge deliveries of a page of the feed: the log says that they are delivered, and the feed no longer gives them out',
      access: OWNERS,
      forAccounts: true,
      body: z.strictObject({
        through: eventId.describe(
          'The last delivery that you have stored: this one and those before it on the page end',
        ),
        page: z.string().max(LONGEST_PAGE).describe('`page` of the answer that had this delivery'),
      }),
      success: {
        status: 200,
        description: 'How many deliveries this call ended; repeating it has no effect',
        schema: z.object({ acknowledged: z.int() }),
      },
      handle: async ({ principal, params, body }) => {
        const row = await deps.subscriptions.find(principal, params.id!);
        return { status: 200, body: { acknowledged: await acknowledge(row, body, deps) } };
      },
    }),
  ];
}

/** A page, waited for where there is none yet. */
async function pageOf(
  { keyId }: Principal,
  row: SubscriptionRow,
  { wait, ...asked }: FeedRequest & { wait: number },
  deps: FeedDeps,
): Promise<FeedPage> {
  const read = (): Promise<FeedPage> => readFeed(targetOf(row), asked, deps);
  const first = await read();
  if (wait === 0 || first.items.length > 0 || first.next !== undefined) return first;
  const untilMs = deps.now() + wait * 1000;
  return waiting('feed', keyId, deps, async () => {
    let page = first;
    while (page.items.length === 0 && page.next === undefined && deps.now() < untilMs) {
      await deps.sleep(Math.min(POLL_MS, untilMs - deps.now()));
      page = await read();
    }
    return page;
  });
}

/** @throws Problem conflict, which says what to change. */
function refuseUnfetchable(row: SubscriptionRow): void {
  refuseBroken(row);
  if (!isPulled(row)) {
    throw new Problem(
      'conflict',
      'The deliveries of this subscription are sent to its URL, so it has no feed. Set delivery to pull to fetch them.',
    );
  }
  if (isPaused(row)) {
    throw new Problem('conflict', 'The subscription is paused, so its feed gives out nothing. Resume it first.');
  }
}

/**
 * Makes deliveries into what a request would be, with the secrets that are valid now.
 * @throws Problem conflict when the row cannot be used, or nothing can be signed yet.
 */
async function createSign(row: SubscriptionRow, deps: FeedDeps) {
  const { rules, version, now } = deps;
  const read = readSubscription(row, rules);
  if (!read.ok) throw new Problem('conflict', cutProblem(read.problem));
  const { keys, asymmetric } = await keysOf(read.subscription, now(), deps);
  if (keys.length === 0 || asymmetric?.length === 0)
    throw new Problem('conflict', 'The subscription has no signing secret yet. Try again in a moment.');
  return ({ held: { event_id }, rendered }: FeedItem, nowMs: number, isShown: boolean) => {
    const context = { nowMs, version, ...(asymmetric && { asymmetric }) };
    const request = buildRequest(event_id, read.subscription, rendered, keys, context);
    return isShown
      ? { id: event_id, headers: request.headers, body: rendered.body }
      : { id: event_id, headers: request.loggedHeaders, redacted: true as const };
  };
}
