import { z } from 'zod';
import { DELIVERY_OUTCOMES, STATUS_CLASSES, TRY_OUTCOMES } from '../../domain/counts/counts.ts';

const number = z.int();
const each = <K extends string>(names: readonly K[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, number])) as Record<K, typeof number>);

/** Numbers of one step, or of all of them. */
export const summaryView = z.object({
  deliveries: each(DELIVERY_OUTCOMES).describe(
    'Deliveries by final outcome, each counted once, however many tries it took; `held`: how often one was held. One that is ' +
      'sent again because a person asked for it is counted again',
  ),
  tries: z.object({
    total: number,
    outcomes: each(TRY_OUTCOMES).describe('`held`: failed probes of endpoints that are down'),
    statuses: each(STATUS_CLASSES).describe('Status class of the answer; `none`: no answer'),
  }),
  not_tried: number.describe('Tries that the platform could not make, for a reason of its own'),
  duration_ms: z
    .object({ p50: number, p95: number, p99: number })
    .nullable()
    .describe('Duration of tries, within 10 %; null: no tries'),
  lateness_ms: z
    .object({ p50: number, p95: number, max: number })
    .nullable()
    .describe('From acceptance to delivery, `p50` and `p95` within 10 %; null: nothing was delivered'),
  bytes: number.describe('Total size of all request bodies'),
});

export const statisticsView = z.object({
  since: z.string(),
  until: z.string().describe('The end of the last step'),
  step: z.enum(['hour', 'day']),
  total: summaryView.describe('All steps together'),
  data: z
    .array(z.object({ from: z.string().describe('Start of the step'), ...summaryView.shape }))
    .describe('Oldest first; steps without any count are left out'),
});
