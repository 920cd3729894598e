import { afterAll, beforeAll } from 'vitest';
import { FAST_SETTINGS, startPosthorn, type LoggedAttempt, type OwnPosthorn } from '../../support/posthorn.ts';
import { startReceiver, type Receiver } from '../../support/receiver.ts';
import { waitFor } from '../../support/wait-for.ts';

// Endpoints that are down: held, probed, released. Three failures in a row count as down, and a probe goes out each second. Their tests
// wait for those seconds, so they run side by side, each with an organization of its own.

const SETTINGS = {
  ...FAST_SETTINGS,
  POSTHORN_CIRCUIT_FAILURES: '3',
  POSTHORN_CIRCUIT_SECONDS: '0',
  POSTHORN_PROBE_SECONDS: '1',
  // As many requests may be on their way when an endpoint first says that it has too many: on a machine that is busy with processes
  // of eight senders all of them were.
  POSTHORN_SENDER_CONCURRENCY: '4',
};

export let posthorn: OwnPosthorn;
export let receiver: Receiver;

/** One platform for all of them. */
export function withPlatform(): void {
  beforeAll(async () => {
    receiver = await startReceiver();
    posthorn = await startPosthorn({ settings: SETTINGS, isShared: true });
  });
  afterAll(async () => {
    await posthorn.close();
    await receiver.close();
  });
}

export const idOf = (body: string): string => (JSON.parse(body) as { id: string }).id;

export async function publish(organization: string, count: number): Promise<string[]> {
  const events = Array.from({ length: count }, (_, n) => ({ organization, type: 'visit.updated', data: { n } }));
  const { body } = await posthorn.call<{ data: { id: string }[] }>(
    'POST',
    '/v1/events/batch',
    { events },
    posthorn.outputs.local!.ProducerApiKey,
  );
  return body.data.map(({ id }) => id);
}

/** The latest outcome of each event. */
export async function latest(subscription: string): Promise<Map<string, string>> {
  const outcomes = new Map<string, string>();
  let cursor: string | null = '';
  do {
    const path = `/v1/attempts?subscription=${subscription}&limit=100${cursor && `&cursor=${cursor}`}`;
    const page: { data: LoggedAttempt[]; next_cursor: string | null } = (
      await posthorn.call<{ data: LoggedAttempt[]; next_cursor: string | null }>('GET', path)
    ).body;
    for (const { event_id, outcome } of page.data) {
      if (!outcomes.has(event_id)) outcomes.set(event_id, outcome);
    }
    cursor = page.next_cursor;
  } while (cursor !== null);
  return outcomes;
}

export const notices = (kind: string, subscription: string) =>
  posthorn.platform.notices.filter(
    ({ message, attributes }) =>
      (attributes.kind === kind || attributes.detail_type === kind) && message.includes(subscription),
  );

let organizations = 0;

/** An organization that no other test has, nor this one when it is run again. */
export const newOrganization = (name: string): string => `${name}_${++organizations}`;

/** A subscription whose endpoint is down, with its deliveries held. */
export async function downWith(name: string, count: number) {
  const organization = newOrganization(name);
  const path = `/${organization}`;
  let up = false;
  receiver.answer(path, () => (up ? 200 : 503));
  const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
  const first = await publish(organization, 3);
  await waitFor('three failures', () => receiver.requests(path).length >= 3);
  const rest = await publish(organization, count - 3);
  const events = [...first, ...rest];
  await waitFor('everything to be held', async () => {
    const outcomes = await latest(id);
    return outcomes.size === count && [...outcomes.values()].every((outcome) => outcome === 'held');
  });
  return { id, path, events, recover: () => (up = true) };
}
