import { z } from 'zod';
import { ID_PATTERN, OWNER_PATTERN } from '../../domain/event.ts';
import { OUTCOMES } from '../../domain/delivery/attempt.ts';
import { listWords } from '../../domain/near-name.ts';
import { EVENT_ID } from '../../domain/ulid-time.ts';

/** For routes without query parameters. */
export const noQuery = z.strictObject({});

const limit = z
  .string()
  .regex(/^(100|[1-9]\d?)$/, 'expected a whole number from 1 to 100')
  .transform(Number)
  .default(50)
  .describe('Items on one page');

const cursor = z.string().max(4096).optional().describe('next_cursor of the previous page');

const FORM = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/;
const DAY_LENGTH = '2026-01-31'.length;

const timeText = z.string().refine((text) => FORM.test(text) && !Number.isNaN(Date.parse(text)) && isDay(text), {
  message: 'expected a time such as 2026-01-31T09:15:00.000Z, or a valid date',
});

/** `Date.parse` takes the 30th of February for a day in March. */
function isDay(text: string): boolean {
  const day = text.slice(0, DAY_LENGTH);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Milliseconds. A date is its first. */
export const from = timeText.transform((text) => Date.parse(text));
/** Milliseconds. A date is its last: the whole day is meant. */
export const upTo = timeText.transform((text) =>
  Date.parse(text.length === DAY_LENGTH ? `${text}T23:59:59.999Z` : text),
);

/** Name of an organization or account. */
export const owner = z.string().regex(OWNER_PATTERN, 'expected 1 to 64 letters, digits, _ or -');

export const organizationFilter = owner.optional().describe('Only of this organization');

/** Every list takes these. */
export const page = { organization: organizationFilter, limit, cursor };

/** Items of a list in a query. DynamoDB takes 100 values in one `IN`. */
const LIST_LIMIT = 50;

/** One or more of some words, comma-separated; each is asked for once. */
export function listFilter<const T extends readonly [string, ...string[]]>(words: T) {
  return z
    .string()
    .transform((text) => text.split(','))
    .pipe(
      z
        .array(
          z.enum(words, {
            error: ({ input }) => `expected one or more of ${listWords(words, input)}, comma-separated`,
          }),
        )
        .max(LIST_LIMIT),
    )
    .transform((list) => [...new Set(list)])
    .optional();
}

const outcomes = listFilter(OUTCOMES);

/** Part of a name or URL. What has no letter or digit is in everything, or in nothing. */
export const searchFilter = z
  .string()
  .max(256, 'expected at most 256 characters')
  .refine((text) => /[\p{L}\p{N}]/u.test(text), 'expected at least one letter or digit')
  .optional();

/** Of one subscription. An empty one is mostly a variable that nobody set: it would match nothing. */
export const subscriptionFilter = z
  .string()
  .regex(ID_PATTERN, 'expected the id of a subscription, such as sub_01KGA0B7FVZ6Q2M4N8P0R2T4V6')
  .optional()
  .describe('Only of this subscription');

/** What is no event's id stands before or behind all of them, so that a list would be empty, or begin anew, without a word. */
export const eventId = z
  .string()
  .regex(EVENT_ID, 'expected the id of an event: evt_ and 26 digits and capital letters');

/** Two or three segments, or `ping`. Types that left the catalogue are still in the log. */
const TYPE = /^(ping|[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*){1,2})$/;

/** Every HTTP status that an endpoint can answer with, or a class of them. */
export const STATUS = /^[1-5](\d\d|xx)$/;

export const statusFilter = z
  .string()
  .transform((text) => text.split(','))
  .pipe(
    z
      .array(
        z.string().regex(STATUS, 'expected one or more statuses such as 404, or classes such as 5xx, comma-separated'),
      )
      .max(LIST_LIMIT),
  )
  .transform((list) => [...new Set(list)])
  .optional();

const RESOURCE_LENGTH = 'expected 1 to 128 characters';

/** Filters of the logs; `since` and `until` are milliseconds after parsing. */
export const logFilters = {
  subscription: subscriptionFilter,
  type: z
    .string()
    .max(128)
    .regex(TYPE, 'expected one event type such as visit.ended, not a pattern')
    .optional()
    .describe('Only events of exactly this type; patterns are not allowed'),
  resource_id: z
    .string()
    .min(1, RESOURCE_LENGTH)
    .max(128, RESOURCE_LENGTH)
    .optional()
    .describe(
      'Only events of exactly this resource; without organization, one organization after the other, newest first in each',
    ),
  since: from.optional().describe('Not before this time; a date (UTC) means its start'),
  until: upTo.optional().describe('Not after this time; a date (UTC) includes the whole day'),
};

/** A query or body whose `since` lies after its `until` would match nothing. */
export function inOrder<T extends z.ZodType<{ since?: number | undefined; until?: number | undefined }>>(schema: T): T {
  // A time that is none is still text here, and has been complained of.
  return schema.refine(({ since, until }) => !(Number(since) > Number(until)), {
    path: ['since'],
    message: 'expected a time that is not after until',
  });
}

export const outcomeFilter = { outcome: outcomes.describe('Only these outcomes, comma-separated') };
