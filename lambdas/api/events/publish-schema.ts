import { z } from 'zod';
import { OWNER_PATTERN, TRIGGERING_LOCATIONS } from '../../domain/event.ts';
import { problemView } from '../http/problem-schema.ts';

// What the ingest function takes and answers. It reads events with a scanner of its own, which keeps every character of
// `data`; these schemas only describe that, and a test holds them against what it does.

const owner = z.string().regex(OWNER_PATTERN);

/** Body of POST /v1/events. */
export const publishInput = z.strictObject({
  organization: owner,
  account: owner.optional().describe('A narrower owner inside the organization'),
  type: z.string().describe('A type from the catalogue'),
  triggering_location: z.enum(TRIGGERING_LOCATIONS).optional().describe('Where the edit was made; default API'),
  resource_id: z.string().max(128).optional(),
  data: z.record(z.string(), z.unknown()).describe('The resource exactly as it was after the edit'),
});

/** Body of POST /v1/events/batch. */
export const publishBatchInput = z.strictObject({ events: z.array(publishInput).min(1).max(100) });

export const publishedView = z.object({
  id: z.string(),
  enqueued_at: z.string().describe('ISO 8601 with milliseconds, UTC'),
});

export const publishedBatchView = z.object({
  data: z.array(z.union([publishedView, problemView])).describe('One result for each event, in order'),
});
