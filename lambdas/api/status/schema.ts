import { z } from 'zod';
import { SCHEDULED_TASKS } from '../../stores/runs.ts';

const number = z.int();
const time = z.string();

/** States in which deliveries are held. */
export const HELD_STATES = ['down', 'throttled', 'paused', 'releasing'] as const;

const counts = z.object({ customers: number, ours: number });

export const statusView = z
  .object({
    at: time.describe('When this was looked up; an answer may be reused for some seconds'),
    last_event_at: time.nullable().describe('When the newest event was accepted; null: none within a week'),
    queues: z
      .array(
        z.object({
          name: z.string(),
          waiting: number,
          in_flight: number,
          delayed: number,
          oldest_seconds: number.nullable().describe('How long the oldest message has waited; null: unknown'),
        }),
      )
      .nullable(),
    dead_letters: counts
      .extend({
        queues: z.array(
          counts.extend({
            name: z.string(),
            looked_at: number.describe('How many of them were read to find the kind; the rest counts as `customers`'),
          }),
        ),
      })
      .nullable()
      .describe(
        '`customers`: deliveries that endpoints refused four times · `ours`: messages that failed because of the platform',
      ),
    held: z
      .object({
        down: number,
        throttled: number,
        paused: number,
        releasing: number,
        is_complete: z.boolean().describe('False: there are more than were counted'),
        endpoints: z
          .array(
            z.object({
              organization: z.string(),
              subscription_id: z.string(),
              state: z.enum(HELD_STATES),
              held: number,
              since: time.nullable(),
              next_probe_at: time
                .nullable()
                .describe('When it is `down`: the next probe; when it is `throttled`: the end of that'),
              gives_up_at: time.nullable().describe('When its subscription will be deactivated if it stays `down`'),
            }),
          )
          .describe('Those with the most held deliveries first, at most 100'),
      })
      .nullable()
      .describe('Deliveries that wait for their endpoints, by the state of the endpoint'),
    stuck: z
      .object({ found: number, at: time })
      .nullable()
      .describe('Stuck deliveries that the last search found and queued again; null: there was no search yet'),
    schedules: z.array(z.object({ name: z.enum(SCHEDULED_TASKS), last_run_at: time.nullable() })).nullable(),
    alarms: z
      .array(z.object({ name: z.string(), description: z.string(), since: time }))
      .nullable()
      .describe('Alarms that ring, longest first; null without CloudWatch, as in the local run'),
  })
  .describe('A member that cannot be looked up at the moment is null');
