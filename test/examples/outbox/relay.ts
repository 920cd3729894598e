import type { Outbox, OutboxRow } from './outbox.ts';

export interface RelayOptions {
  /** Posthorn's API. */
  url: string;
  /** A key with the scope `events:write`. */
  apiKey: string;
  /** Called between Posthorn's answer and the mark in the outbox: where a crash is worst. For tests. */
  onPosted?: (row: OutboxRow) => void;
}

const PAGE = 100;
const TIMEOUT_MS = 10_000;

/**
 * Publishes what is in the outbox, in order, until it is empty. Whatever goes wrong in between, run it again: a row that
 * was posted but not marked is posted again with the same key and body, and Posthorn answers with the same event.
 * @throws when Posthorn cannot be reached, is busy or answers 5xx: run it again in a few seconds.
 */
export async function relay(outbox: Outbox, options: RelayOptions): Promise<void> {
  for (let rows = outbox.pending(PAGE); rows.length > 0; rows = outbox.pending(PAGE)) {
    for (const row of rows) {
      const answer = await post(row, options);
      options.onPosted?.(row);
      if ('eventId' in answer) outbox.markPublished(row.id, answer.eventId);
      else outbox.markRefused(row.id, answer.refused);
    }
  }
}

async function post(row: OutboxRow, { url, apiKey }: RelayOptions): Promise<{ eventId: string } | { refused: string }> {
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': row.key,
    },
    body: row.body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = (await response.json()) as { id?: string; detail?: string };
  if (response.status === 202) return { eventId: body.id! };
  // 401 and 403 are about the key, not about this event: they must be mended, not set aside. 429 passes by itself.
  const isAboutTheEvent = response.status >= 400 && response.status < 500 && ![401, 403, 429].includes(response.status);
  if (isAboutTheEvent) return { refused: `${response.status} ${body.detail}` };
  throw new Error(`Posthorn answered ${response.status}: ${body.detail ?? 'no reason given'}. Run the relay again.`);
}
