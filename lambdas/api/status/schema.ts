import { z } from 'zod';
import { SCHEDULED_TASKS } from '../../stores/runs.ts';

const number = z.int();
const time = z.string();

/** States in which deliveries are held. */
export const HELD_STATES = ['down', 'throttled', 'paused', 'releasing'] as const;

const counts = z.object({ customers: number, ours: number });

export const statusView = z
  .object({
    at: time.describe('When this was looked up; the same answer is given for some seconds'),
    last_event_at: time.nullable().describe('When the newest event was accepted; null: none within a week'),
    queues: z
      .array(
        z.object({
          name: z.string(),
          waiting: number,
          in_flight: number,
          delayed: number,
          oldest_seconds: number.nullable().describe('How long the oldest message has waited; null: nobody knows'),
        }),
      )
      .nullable(),
    dead_letters: counts
      .extend({
        queues: z.array(
          counts.extend({
            name: z.string(),
            looked_at: number.describe('Of so many the kind was looked at; the rest counts as customers'),
          }),
        ),
      })
      .nullable()
      .describe(
        "`customers`: what their endpoints refused four times · `ours`: what failed for the platform's own reasons",
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
              next_probe_at: time.nullable().describe('While it is `down`, or until when it is `throttled`'),
              gives_up_at: time.nullable().describe('When its subscription is deactivated if it stays `down`'),
            }),
          )
          .describe('Most held first, at most 100'),
      })
      .nullable()
      .describe('Deliveries that wait for their endpoints, by the state of these'),
    stuck: z
      .object({ found: number, at: time })
      .nullable()
      .describe('Deliveries that the last look for stuck ones found and queued again; null: nobody has looked yet'),
    schedules: z.array(z.object({ name: z.enum(SCHEDULED_TASKS), last_run_at: time.nullable() })).nullable(),
    alarms: z
      .array(z.object({ name: z.string(), description: z.string(), since: time }))
      .nullable()
      .describe('That ring, longest first; null where there is no CloudWatch, as on one machine'),
  })
  .describe('What cannot be looked up at the moment is null');
