import { z } from 'zod';
import { DELIVERY_OUTCOMES, STATUS_CLASSES, TRY_OUTCOMES } from '../../domain/counts/counts.ts';

const number = z.int();
const each = <K extends string>(names: readonly K[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, number])) as Record<K, typeof number>);

/** Numbers of one step, or of all of them. */
export const summaryView = z.object({
  deliveries: each(DELIVERY_OUTCOMES).describe(
    'Deliveries by how they ended, each once, however many tries it took; `held`: how often one was put aside. One that is ' +
      'sent again, because a person asked for it, ends again',
  ),
  tries: z.object({
    total: number,
    outcomes: each(TRY_OUTCOMES).describe('`held`: probes of endpoints that are down, which failed'),
    statuses: each(STATUS_CLASSES).describe('Of the answers; `none`: there was no answer'),
  }),
  not_tried: number.describe("Tries that were not made, for a reason of the platform's own"),
  duration_ms: z
    .object({ p50: number, p95: number, p99: number })
    .nullable()
    .describe('Of tries, within 10 %; null: there were none'),
  lateness_ms: z
    .object({ p50: number, p95: number, max: number })
    .nullable()
    .describe('From acceptance to delivery, `p50` and `p95` within 10 %; null: nothing was delivered'),
  bytes: number.describe('Of the bodies of all requests'),
});

export const statisticsView = z.object({
  since: z.string(),
  until: z.string().describe('The end of the last step'),
  step: z.enum(['hour', 'day']),
  total: summaryView.describe('All steps together'),
  data: z
    .array(z.object({ from: z.string().describe('When the step begins'), ...summaryView.shape }))
    .describe('Oldest first; steps in which nothing happened are missing'),
});
