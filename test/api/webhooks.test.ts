import { Validator, type Schema } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { describeWebhooks } from '../../lambdas/api/catalogue/webhooks.ts';
import { createOpenApi } from '../../lambdas/api/http/openapi.ts';
import { catalogue } from '../../lambdas/domain/catalogue/index.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { FORMATS } from '../../lambdas/domain/formats/index.ts';
import { FORMAT_NAMES } from '../../lambdas/domain/formats/names.ts';

// What /openapi.json says of the requests that customers receive, against the formats that are sent.

interface Described {
  post: {
    parameters: { $ref?: string; name?: string }[];
    requestBody: { content: Record<string, { schema: Schema; example: unknown }> };
  };
}
const { webhooks, components } = describeWebhooks();
const described = Object.entries(webhooks as Record<string, Described>);
const codes = Object.fromEntries(
  catalogue.types.map(({ sample }) => [String((sample as { status?: unknown } | null)?.status), '1']),
);

/** A schema with what it refers to. */
const whole = (schema: Schema): Validator => new Validator({ ...schema, components }, '2020-12', false);

function sent(type: string, format: (typeof FORMAT_NAMES)[number], more: Partial<PosthornEvent> = {}) {
  const { sample, resource } = catalogue.get(type)!;
  const event: PosthornEvent = {
    id: 'evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7',
    organization: 'acme',
    type,
    triggering_location: 'PATIENT_PORTAL',
    enqueued_ms: 1_700_000_000_000,
    ...(sample === null || type === 'ping' ? {} : { data: JSON.stringify(sample) }),
    ...more,
  };
  return FORMATS[format].render(event, { resource, clinicV1StatusCodes: codes, clinicV1Sunset: '2027-01-01' });
}

describe('the requests that /openapi.json describes', () => {
  it('are those of every type in every format that can carry it, and no others', () => {
    const possible = catalogue.types.flatMap(({ name }) =>
      FORMAT_NAMES.filter((format) => sent(name, format).sent).map((format) => `${name}/${format}`),
    );

    expect(described.map(([name]) => name).sort()).toEqual(possible.sort());
  });

  it.each(described)(
    '%s has the media type and a schema that a request passes, with and without what is optional',
    (name, { post }) => {
      const [type, format] = name.split('/') as [string, (typeof FORMAT_NAMES)[number]];
      const [[contentType, { schema, example }]] = Object.entries(post.requestBody.content) as [
        [string, { schema: Schema; example: unknown }],
      ];

      for (const more of [{}, { account: 'north', resource_id: '28540' }]) {
        const rendered = sent(type, format, more);
        if (!rendered.sent) throw new Error(rendered.reason);
        expect(rendered.contentType).toBe(contentType);
        expect(whole(schema).validate(JSON.parse(rendered.body)).errors).toEqual([]);
      }
      expect(whole(schema).validate(example as object).valid).toBe(true);
      expect(whole(schema).validate({}).valid).toBe(false);
    },
  );

  it('refer to nothing that the document has not', () => {
    const document = createOpenApi([], '0.0.0') as { components: Record<string, Record<string, unknown>> };
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g)];

    expect(references.length).toBeGreaterThan(100);
    for (const [, kind, name] of references) expect(Object.keys(document.components[kind!]!)).toContain(name);
  });
});
