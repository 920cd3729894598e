import { readFileSync } from 'node:fs';
import { CloudEvent, HTTP } from 'cloudevents';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify as verifyWithKit } from '../../receiver/src/index.ts';
import { catalogue } from '../../lambdas/domain/catalogue/index.ts';
import type { PosthornEvent, TriggeringLocation } from '../../lambdas/domain/event.ts';
import { render } from '../../lambdas/domain/formats/index.ts';
import { FORMAT_NAMES, type FormatName } from '../../lambdas/domain/formats/names.ts';
import { DEFAULTS } from '../../lib/settings.ts';
import type { ReceivedRequest } from '../support/receiver.ts';
import { startYardstick, type Yardstick } from './yardsticks/set-up.ts';

// One receiver per format on the running platform gets the events of the vectors: the bytes are those that the format
// makes of the event (which test/domain/formats holds against the vectors), and three libraries accept each request.

interface VectorEvent {
  type: string;
  account: string | null;
  triggering_location: TriggeringLocation;
  resource_id: string | null;
  data: object | null;
}

const { events } = JSON.parse(readFileSync(new URL('../vectors/payload-formats.json', import.meta.url), 'utf8')) as {
  events: Record<string, VectorEvent>;
};
const postable = Object.entries(events).filter(([, event]) => event.type !== 'ping');

let world: Yardstick;
/** Per format: its subscription. */
const subscriptions = new Map<FormatName, { id: string; secret: string; path: string }>();
/** What was published, by its name in the vectors, and at last the ping of each format. */
const published: { name: string; event: PosthornEvent }[] = [];

beforeAll(async () => {
  world = await startYardstick('formats');
  const organization = world.organization();
  for (const format of FORMAT_NAMES) {
    const path = `/${organization}/${format}`;
    const made = await world.posthorn.subscribe({ organization, url: world.receiver.url(path), format });
    subscriptions.set(format, { ...made, path });
  }
  for (const [name, { type, account, triggering_location, resource_id, data }] of postable) {
    const input = {
      organization,
      ...(account === null ? {} : { account }),
      type,
      triggering_location,
      ...(resource_id === null ? {} : { resource_id }),
    };
    const { body } = await world.posthorn.publish({ ...input, data });
    const { id, enqueued_at } = body as unknown as { id: string; enqueued_at: string };
    const event = { ...input, id, enqueued_ms: Date.parse(enqueued_at), data: JSON.stringify(data) };
    published.push({ name, event });
  }
  for (const { id } of subscriptions.values()) await world.settledLog(id, postable.length);
});
afterAll(() => world.close());

const rendered = (event: PosthornEvent, format: FormatName) =>
  render(event, format, {
    resource: catalogue.get(event.type)!.resource,
    clinicV1StatusCodes: DEFAULTS.clinicV1StatusCodes,
  });

const requestOf = (format: FormatName, id: string): ReceivedRequest | undefined =>
  world.receiver.requests(subscriptions.get(format)!.path).find(({ headers }) => headers['webhook-id'] === id);

describe.each(FORMAT_NAMES)('a subscriber of %s', (format) => {
  it.each(postable.map(([name]) => name))('gets of %s the bytes that the format makes, or nothing', (name) => {
    const { event } = published.find((one) => one.name === name)!;
    const expected = rendered(event, format);

    const request = requestOf(format, event.id);

    expect(request?.body).toBe(expected.sent ? expected.body : undefined);
    expect(request?.headers['content-type']).toBe(expected.sent ? expected.contentType : undefined);
  });

  it('can verify every request with standardwebhooks, svix and the kit for receivers', () => {
    const { path, secret } = subscriptions.get(format)!;
    const requests = world.receiver.requests(path);
    expect(requests.length).toBeGreaterThan(0);
    for (const { headers, body } of requests) {
      const plain = headers as Record<string, string>;
      const parsed = JSON.parse(body) as unknown;
      expect(new StandardWebhook(secret).verify(body, plain)).toEqual(parsed);
      expect(() => void new SvixWebhook(secret).verify(body, plain)).not.toThrow();
      expect(verifyWithKit(body, headers, secret).body).toEqual(parsed);
      expect(() => verifyWithKit(`${body} `, headers, secret)).toThrow();
    }
  });
});

describe('what a subscriber of cloudevents gets', () => {
  it('is a CloudEvent to the validator of the cloudevents package', () => {
    const requests = world.receiver.requests(subscriptions.get('cloudevents')!.path);
    expect(requests).toHaveLength(postable.length);
    for (const { headers, body } of requests) {
      const read = HTTP.toEvent({ headers, body });
      expect(read).toBeInstanceOf(CloudEvent);
      expect((read as CloudEvent<unknown>).validate()).toBe(true);
      expect((read as CloudEvent<unknown>).id).toBe(headers['webhook-id']);
    }
  });
});
