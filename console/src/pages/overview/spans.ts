/** Times that statistics are asked for, by the name that they have in the address: hours. */
export const SPANS = [
  { id: '1', text: '2 hours', step: 'hour', backMs: 3_600_000 },
  { id: '24', text: '24 hours', step: 'hour', backMs: 23 * 3_600_000 },
  { id: '168', text: '7 days', step: 'day', backMs: 6 * 86_400_000 },
  { id: '720', text: '30 days', step: 'day', backMs: 29 * 86_400_000 },
  { id: '2160', text: '90 days', step: 'day', backMs: 89 * 86_400_000 },
] as const;

export type Span = (typeof SPANS)[number];

/** The one that an address names, else the last 24 hours. */
export function spanOf(id: string | undefined): Span {
  return SPANS.find((span) => span.id === id) ?? SPANS[1];
}

/** What the API is asked for: the step of now is the last one, and the first is so far back. */
export function queryOf({ step, backMs }: Span, nowMs: number): { step: 'hour' | 'day'; since: string } {
  return { step, since: new Date(nowMs - backMs).toISOString() };
}
