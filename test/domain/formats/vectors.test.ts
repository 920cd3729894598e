import { HTTP } from 'cloudevents';
import type { CloudEvent } from 'cloudevents';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../lambdas/domain/catalogue/index.ts';
import type { PosthornEvent } from '../../../lambdas/domain/event.ts';
import { render } from '../../../lambdas/domain/formats/index.ts';
import type { Rendered } from '../../../lambdas/domain/formats/index.ts';
import { FORMAT_NAMES } from '../../../lambdas/domain/formats/names.ts';
import type { FormatName } from '../../../lambdas/domain/formats/names.ts';
import { parseSecret, signStandard, signTimestamped } from '../../../lambdas/domain/secrets/signature.ts';
import file from '../../vectors/payload-formats.json' with { type: 'json' };

interface Row {
  event: keyof typeof file.events;
  format: FormatName;
  sent: boolean;
  body?: string;
  webhook_signature?: string;
  timestamped_signature?: string;
  why?: string;
}
const rows = file.vectors as Row[];
const sentRows = rows.filter(({ sent }) => sent);
const key = parseSecret(file.secret);

/** A vector's event as ingest would have made it; the file writes absent fields as null. */
function eventOf(row: Row): PosthornEvent {
  const { data, resource: _resource, ...fields } = file.events[row.event];
  const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  return { ...present, ...(data === null ? {} : { data: JSON.stringify(data) }) } as unknown as PosthornEvent;
}

const renderRow = (row: Row) =>
  render(eventOf(row), row.format, {
    resource: catalogue.get(file.events[row.event].type)!.resource,
    clinicV1StatusCodes: file.clinic_v1_status_codes,
  });

const bodyOf = (row: Row): string => (renderRow(row) as Rendered).body;

describe('the vectors', () => {
  it('cover every format and every event', () => {
    expect(rows.length).toBe(FORMAT_NAMES.length * Object.keys(file.events).length);
    expect(new Set(rows.map(({ format }) => format))).toEqual(new Set(FORMAT_NAMES));
  });

  it('name the resources that the catalogue names', () => {
    for (const event of Object.values(file.events)) expect(catalogue.get(event.type)!.resource).toBe(event.resource);
  });

  it.each(sentRows)('$event in $format has exactly these bytes and signatures', (row) => {
    const rendered = renderRow(row);

    expect(rendered).toEqual({
      sent: true,
      body: row.body,
      contentType: row.format === 'cloudevents' ? 'application/cloudevents+json' : 'application/json',
      headers: {},
    });
    const body = bodyOf(row);
    expect(signStandard(file.events[row.event].id, file.timestamp, body, [key])).toBe(row.webhook_signature);
    expect(signTimestamped(file.timestamp, body, [key])).toBe(row.timestamped_signature);
  });

  it.each(rows.filter(({ sent }) => !sent))('$event in $format is not sent: $why', (row) => {
    expect(renderRow(row)).toEqual({ sent: false, reason: row.why });
  });
});

describe('others who read what is sent', () => {
  const now = Math.floor(Date.now() / 1000);

  it.each([
    ['standardwebhooks', (secret: string) => new StandardWebhook(secret)],
    ['svix', (secret: string) => new SvixWebhook(secret)],
  ])('%s verifies every body, also while a secret is rotated', (_name, verifierFor) => {
    const another = parseSecret(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
    const verifier = verifierFor(file.secret);

    for (const row of sentRows) {
      const { id } = file.events[row.event];
      const body = bodyOf(row);
      const signed = (signature: string) => ({
        'webhook-id': id,
        'webhook-timestamp': String(now),
        'webhook-signature': signature,
      });

      expect(() => verifier.verify(body, signed(signStandard(id, now, body, [another, key])))).not.toThrow();
      expect(() => verifier.verify(body, signed(signStandard(id, now, body, [another])))).toThrow();
    }
  });

  it('the CloudEvents SDK takes every body for a valid event', () => {
    for (const row of sentRows.filter(({ format }) => format === 'cloudevents')) {
      const { contentType, body } = renderRow(row) as Rendered;

      const event = HTTP.toEvent({ headers: { 'content-type': contentType }, body }) as CloudEvent;

      expect(event.validate()).toBe(true);
      expect(event).toMatchObject({ id: file.events[row.event].id, type: file.events[row.event].type });
    }
  });
});
