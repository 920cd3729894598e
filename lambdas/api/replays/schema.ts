import { z } from 'zod';
import { ID_PATTERN } from '../../domain/event.ts';
import {
  DEFAULT_RATE,
  LARGEST_RATE,
  REPLAYABLE,
  REPLAYED_BY_DEFAULT,
  STANDINGS,
} from '../../domain/delivery/replay.ts';
import {
  from,
  inOrder,
  logFilters,
  organizationFilter,
  page,
  STATUS,
  subscriptionFilter,
  upTo,
} from '../http/query-schema.ts';

const rate = z
  .int()
  .min(1)
  .max(LARGEST_RATE)
  .optional()
  .describe(`Deliveries a second at most; default ${DEFAULT_RATE}`);

/** Body of POST /v1/subscriptions/{id}/replay. */
export const replayInput = inOrder(
  z.strictObject({
    since: from
      .optional()
      .describe('Events accepted at this time or later (a date means its start, UTC); default: all that are kept'),
    until: upTo
      .optional()
      .describe('Events accepted at this time or earlier (a date includes the whole day, UTC); default: now'),
    outcomes: z
      .array(z.enum(REPLAYABLE, { error: `expected one of ${REPLAYABLE.join(', ')}` }))
      .min(1, 'expected at least one outcome; leave it out for everything that was not delivered')
      .max(REPLAYABLE.length)
      .optional()
      .describe(
        `Latest outcome of a delivery; \`pending\`: nothing was logged yet; \`missed\`: events that match the subscription as it is now but were never queued for it. Default: ${REPLAYED_BY_DEFAULT.join(', ')}, without deliveries that may still be under way`,
      ),
    rate_per_second: rate,
  }),
);

const id = z.string().regex(ID_PATTERN, 'expected an id');

/** Deliveries that can be named one by one. */
const LARGEST_CHOICE = 1000;

/** Body of POST /v1/deliveries/redeliver. */
export const redeliverInput = z
  .strictObject({
    deliveries: z
      .array(z.strictObject({ event: id, subscription: id }))
      .min(1, 'expected at least one delivery')
      .max(LARGEST_CHOICE, `expected at most ${LARGEST_CHOICE} deliveries; use a filter for more`)
      .optional()
      .describe('These deliveries, whatever their outcome'),
    filter: inOrder(
      z.strictObject({
        organization: organizationFilter,
        subscription: subscriptionFilter,
        type: logFilters.type,
        resource_id: logFilters.resource_id,
        outcome: z
          .array(z.enum(STANDINGS, { error: `expected one of ${STANDINGS.join(', ')}` }))
          .min(1, 'expected at least one outcome; leave it out for everything that was not delivered')
          .max(STANDINGS.length)
          .optional()
          .describe(
            `Latest outcome of a delivery; default: ${REPLAYED_BY_DEFAULT.join(', ')}, without deliveries that may still be under way`,
          ),
        status: z
          .array(z.string().regex(STATUS, 'expected a status such as 404, or a class such as 5xx'))
          .min(1, 'expected at least one status')
          .max(50)
          .optional()
          .describe('Status of the latest answer'),
        since: from.optional().describe('Events accepted at this time or later'),
        until: upTo.optional().describe('Events accepted at this time or earlier; default: now'),
      }),
    )
      .optional()
      .describe('All deliveries that match every member'),
    rate_per_second: rate,
  })
  .refine(({ deliveries, filter }) => (deliveries === undefined) !== (filter === undefined), {
    message: 'expected either deliveries or filter',
    path: ['filter'],
  });

/** Answer to a dry run of it. */
export const redeliverCount = z.object({
  count: z.int().describe('Deliveries that would be sent'),
  left_out: z.int().describe('Also matched, but not kept any more, or of a subscription that gets nothing'),
});

/** Of a job that can be asked what it would do. */
export const dryRun = z
  .enum(['true', 'false'], { error: 'expected true or false' })
  .transform((text) => text === 'true')
  .default(false);

/** Query of POST /v1/subscriptions/{id}/replay. */
export const replayQuery = z.strictObject({ dry_run: dryRun.describe('Only count what would be sent') });

/** Query of GET /v1/replays. */
export const replayFilters = z.strictObject({
  organization: organizationFilter,
  subscription: subscriptionFilter,
  limit: page.limit,
  cursor: page.cursor,
});

export const isoTime = z.string().describe('ISO 8601 with milliseconds, UTC');

/** A replay in an answer. */
export const replayView = z.object({
  id: z.string(),
  organization: z.string().optional().describe('Absent: all organizations'),
  subscription_id: z.string().optional().describe('Absent: more than one'),
  of: z
    .enum(['subscription', 'deliveries', 'filter'])
    .describe(
      'What it sends again: deliveries of one subscription, deliveries given one by one, or what a filter finds',
    ),
  type: z.string().optional(),
  resource_id: z.string().optional(),
  status: z.array(z.string()).optional(),
  state: z.enum(['running', 'done', 'cancelled']),
  since: isoTime,
  until: isoTime,
  outcomes: z.array(z.enum(REPLAYABLE)).describe('Latest outcomes of the deliveries that it sends'),
  total: z.int().describe('Number of deliveries; while it runs, the number found at its start'),
  done: z.int().describe('Delivered'),
  failed: z.int().describe('Ended as exhausted, gone, cancelled or skipped'),
  remaining: z.int().describe('Not ended: not sent yet, to be retried, or held for an endpoint that is down'),
  rate: z.int().describe('Deliveries a second at most'),
  automatic: z
    .literal(true)
    .optional()
    .describe('Started by the platform: the endpoint answers again, so its exhausted deliveries are sent once more'),
  created_at: isoTime,
});
