import { describe, expect, it } from 'vitest';
import { catalogue } from '../../lambdas/domain/catalogue/index.ts';
import { render } from '../../lambdas/domain/formats/index.ts';
import { FORMAT_NAMES } from '../../lambdas/domain/formats/names.ts';
import { isOperational, operationalEvent, type Telling } from '../../lambdas/domain/operational.ts';
import { eventIdMs } from '../../lambdas/domain/ulid-time.ts';

const AT_MS = Date.UTC(2026, 0, 31, 9, 15);
const DOWN: Telling = {
  type: 'posthorn.endpoint.down',
  atMs: AT_MS,
  organization: 'org_1',
  subscription: 'sub_1',
  facts: { since: '2026-01-31T09:14:00.000Z' },
};

describe('an event that tells of an endpoint', () => {
  it('names the subscription and of its URL the host alone, which may be all that is no secret', () => {
    const event = operationalEvent(DOWN, 'https://user:pw@hooks.example.com:8443/in?token=secret');

    expect(event).toMatchObject({ organization: 'org_1', resource_id: 'sub_1', enqueued_ms: AT_MS });
    expect(event.data).toBe(
      '{"subscription":"sub_1","host":"hooks.example.com:8443","since":"2026-01-31T09:14:00.000Z"}',
    );
    expect(operationalEvent(DOWN, 'no URL').data).toContain('"host":null');
  });

  it('has the same id whenever it is made, and another for another time, type, subscription or organization', () => {
    const others: Partial<Telling>[] = [
      { atMs: AT_MS + 1 },
      { type: 'posthorn.endpoint.recovered' },
      { subscription: 'sub_2' },
      { organization: 'org_2' },
    ];
    const ids = [{}, {}, ...others].map((change) => operationalEvent({ ...DOWN, ...change }, undefined).id);

    expect(new Set(ids).size).toBe(1 + others.length);
    expect(ids[0]).toBe(ids[1]);
    expect(eventIdMs(ids[0]!)).toBe(AT_MS);
  });

  it.each(FORMAT_NAMES)('goes out in %s, or the log says why not', (format) => {
    for (const { name, resource, sample } of catalogue.types.filter((type) => isOperational(type.name))) {
      const event = { ...operationalEvent(DOWN, undefined), type: name, data: JSON.stringify(sample) };
      const rendered = render(event, format, { resource, clinicV1StatusCodes: {} });

      if (format === 'resource') expect(rendered).toEqual({ sent: false, reason: 'format cannot carry resource' });
      else if (format === 'clinic-v1') expect(rendered).toEqual({ sent: false, reason: 'event type not in v1' });
      else expect(rendered).toMatchObject({ sent: true, body: expect.stringContaining(name) as string });
    }
    expect.hasAssertions();
  });
});
