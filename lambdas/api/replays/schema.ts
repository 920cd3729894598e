import { z } from 'zod';
import { DEFAULT_RATE, LARGEST_RATE, REPLAYABLE, REPLAYED_BY_DEFAULT } from '../../domain/delivery/replay.ts';
import { from, inOrder, organizationFilter, page, subscriptionFilter, upTo } from '../http/query-schema.ts';

/** Body of POST /v1/subscriptions/{id}/replay. */
export const replayInput = inOrder(
  z.strictObject({
    since: from
      .optional()
      .describe('Events accepted at this time or later (a date: from its beginning, UTC); default: all that are kept'),
    until: upTo
      .optional()
      .describe('Events accepted at this time or earlier (a date: the whole day, UTC); default: now'),
    outcomes: z
      .array(z.enum(REPLAYABLE, { error: `expected one of ${REPLAYABLE.join(', ')}` }))
      .min(1, 'expected at least one outcome; leave it out for everything that was not delivered')
      .max(REPLAYABLE.length)
      .optional()
      .describe(
        `Latest outcome of a delivery; \`pending\`: nothing was logged yet; \`missed\`: events that match the subscription as it is now and never were for it. Default: ${REPLAYED_BY_DEFAULT.join(', ')}, without what may still be under way`,
      ),
    rate_per_second: z
      .int()
      .min(1)
      .max(LARGEST_RATE)
      .optional()
      .describe(`Deliveries a second at most; default ${DEFAULT_RATE}`),
  }),
);

/** Query of POST /v1/subscriptions/{id}/replay. */
export const replayQuery = z.strictObject({
  dry_run: z
    .enum(['true', 'false'], { error: 'expected true or false' })
    .transform((text) => text === 'true')
    .default(false)
    .describe('Only counts what would be sent'),
});

/** Query of GET /v1/replays. */
export const replayFilters = z.strictObject({
  organization: organizationFilter,
  subscription: subscriptionFilter,
  limit: page.limit,
  cursor: page.cursor,
});

const isoTime = z.string().describe('ISO 8601 with milliseconds, UTC');

/** A replay in an answer. */
export const replayView = z.object({
  id: z.string(),
  organization: z.string(),
  subscription_id: z.string(),
  state: z.enum(['running', 'done', 'cancelled']),
  since: isoTime,
  until: isoTime,
  outcomes: z.array(z.enum(REPLAYABLE)).describe('Latest outcomes of the deliveries that it takes'),
  total: z.int().describe('Deliveries; while it runs, what was found first'),
  done: z.int().describe('Delivered'),
  failed: z.int().describe('Ended otherwise: exhausted, gone, cancelled, skipped'),
  remaining: z.int().describe('Neither: not sent yet, to be tried again, or held for an endpoint that is down'),
  rate: z.int().describe('Deliveries a second at most'),
  automatic: z
    .literal(true)
    .optional()
    .describe('Nobody asked for it: the endpoint answers again, and what was exhausted meanwhile is sent once more'),
  created_at: isoTime,
});
