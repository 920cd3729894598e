import { z } from 'zod';
import { OUTCOMES } from '../../domain/delivery/attempt.ts';
import { MAX_ATTEMPTS } from '../../domain/limits.ts';
import { FORMAT_NAMES } from '../../domain/formats/names.ts';

const time = z.string().describe('ISO 8601 with milliseconds, UTC');
const headers = z.record(z.string(), z.string());

/** One line of the delivery log in a list; the detail adds the bodies. */
export const attemptView = z.object({
  id: z.string(),
  event_id: z.string(),
  subscription_id: z.string(),
  organization: z.string(),
  type: z.string(),
  resource_id: z.string().optional().describe('Of the event'),
  attempt: z.int().describe(`1 to ${MAX_ATTEMPTS}; with a \`fault\`, the try that was due`),
  attempted_at: time,
  outcome: z.enum(OUTCOMES),
  fetched_at: time
    .optional()
    .describe('When it was fetched from the feed; `attempted_at` is when that was acknowledged'),
  reason: z.string().optional(),
  fault: z
    .literal('platform')
    .optional()
    .describe(
      'Not tried because of the platform: none of the four tries was used up. Absent: the endpoint caused the failure',
    ),
  url: z.string().describe('Empty if the delivery was fetched'),
  format: z.enum(FORMAT_NAMES),
  status: z.int().optional().describe('Absent if there was no answer'),
  request: z
    .object({
      headers: headers.optional().describe('As sent, secrets masked'),
      body: z
        .string()
        .optional()
        .describe('Only in the detail, and while the event is kept: the exact bytes that were sent'),
    })
    .optional(),
  response: z
    .object({
      headers,
      body: z.string().optional().describe('At most 16 KiB; only in the detail'),
      truncated: z.boolean().optional(),
    })
    .optional(),
  timings_ms: z
    .object({
      dns: z.number().optional(),
      connect: z.number().optional(),
      tls: z.number().optional(),
      first_byte: z.number().optional(),
      total: z.number(),
      own_lag: z
        .number()
        .optional()
        .describe('Of the total, for how long Posthorn was late itself: not the endpoint’s time'),
    })
    .optional(),
  next_attempt_at: time.optional(),
  redacted: z.literal(true).optional().describe('The key may not see payloads: bodies are left out'),
  sample: z.literal(true).optional().describe('An example that somebody sent to test the subscription'),
  replay: z.string().optional().describe('Id of the replay job, or `redeliver`, if somebody asked for this attempt'),
  automatic: z
    .literal(true)
    .optional()
    .describe('The platform itself tried an exhausted delivery again; nobody asked for it'),
  final: z
    .literal(true)
    .optional()
    .describe('Refused again while the endpoint accepted others: the platform does not try it again'),
});
