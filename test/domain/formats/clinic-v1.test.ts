import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../lambdas/domain/catalogue/index.ts';
import { render } from '../../../lambdas/domain/formats/index.ts';
import type { FormatContext } from '../../../lambdas/domain/formats/index.ts';
import { DEFAULTS } from '../../../lib/settings.ts';

/** What clinic-v1 makes of a visit's data. */
function renderData(data: string, context: Partial<FormatContext> = {}, type = 'visit.updated') {
  return render(
    {
      id: 'evt_01KAM0Z3X2M7QW9F4T6B8N5C1D',
      organization: 'org_1',
      type,
      triggering_location: 'API',
      enqueued_ms: 0,
      data,
    },
    'clinic-v1',
    { resource: 'visit', clinicV1StatusCodes: { cancelled: '40' }, ...context },
  );
}

function renderedData(data: string, context?: Partial<FormatContext>): string {
  const rendered = renderData(data, context);
  if (!rendered.sent) throw new Error(rendered.reason);
  return rendered.body.slice(rendered.body.indexOf('"data":') + '"data":'.length, -1);
}

describe('clinic-v1', () => {
  it('writes times and ids as strings with the very digits, keeps null and drops what v1 does not know', () => {
    const data =
      '{"note":{"id":1},"status_updated_by":60610,"id":9007199254740993,"start":1546950546.50,"end":"1546951446",' +
      '"actual_start":null,"actual_end":1.5e9,"status":"cancelled","provider_id":null,"member_id":"\\u0036"}';

    expect(renderedData(data)).toBe(
      '{"id":"9007199254740993","member_id":"\\u0036","provider_id":null,"start":"1546950546.50","end":"1546951446",' +
        '"actual_start":null,"actual_end":"1.5e9","status":"40","completed_by":"60610"}',
    );
  });

  it('leaves out what the data lacks', () => {
    expect(renderedData('{"status":"cancelled","id":"1"}')).toBe('{"id":"1","status":"40"}');
  });

  it.each([
    ['"40"', '"40"'],
    ['40', '"40"'],
    ['"007"', '"007"'],
    ['"cancelled"', '"40"'],
    ['"\\u0063ancelled"', '"40"'],
  ])('has a code for status %s', (status, code) => {
    expect(renderedData(`{"status":${status}}`)).toBe(`{"status":${code}}`);
  });

  it.each(['"completed"', '"constructor"', '"__proto__"', '""', '"4 0"', '4.0', '-40', 'null', 'true', '{}', '["40"]'])(
    'is not sent for status %s',
    (status) => {
      expect(renderData(`{"status":${status}}`)).toEqual({ sent: false, reason: 'no v1 code for status' });
    },
  );

  it('is not sent without a status', () => {
    expect(renderData('{"id":"1"}')).toEqual({ sent: false, reason: 'no v1 code for status' });
  });

  it('takes a visit that was made without a status for scheduled', () => {
    const codes = { clinicV1StatusCodes: DEFAULTS.clinicV1StatusCodes };

    for (const data of ['{"id":"1"}', '{"id":"1","status":null}']) {
      expect(renderData(data, codes, 'visit.created')).toMatchObject({ sent: true });
      expect(renderData(data, codes, 'visit.ended')).toEqual({ sent: false, reason: 'no v1 code for status' });
    }
    expect(renderData('{"status":""}', codes, 'visit.created')).toMatchObject({ sent: false });
  });

  it.each([
    ['scheduled', '10'],
    ['in-progress', '20'],
    ['in_progress', '20'],
    ['In Progress', '20'],
    ['completed', '30'],
    ['CANCELLED', '40'],
    ['no-show', '50'],
  ])('has by default a code for %s', (status, code) => {
    const data = JSON.stringify({ status });

    expect(renderedData(data, { clinicV1StatusCodes: DEFAULTS.clinicV1StatusCodes })).toBe(`{"status":"${code}"}`);
  });

  it.each(['In progress', 'in-progress'])('finds a word in the table that the operator writes as %s', (written) => {
    expect(renderedData('{"status":"in_progress"}', { clinicV1StatusCodes: { [written]: '21' } })).toBe(
      '{"status":"21"}',
    );
  });

  it('carries every visit that the catalogue shows', () => {
    const visits = catalogue.types.filter(({ resource }) => resource === 'visit');

    expect(visits.length).toBeGreaterThan(4);
    for (const { name, sample } of visits) {
      const context = { clinicV1StatusCodes: DEFAULTS.clinicV1StatusCodes };
      expect(renderData(JSON.stringify(sample), context, name), name).toMatchObject({ sent: true });
    }
  });

  it.each(['true', '{"t":1}', '[1]'])('is not sent for the time %s', (start) => {
    expect(renderData(`{"status":"40","start":${start}}`)).toEqual({ sent: false, reason: 'no v1 form for start' });
  });

  it.each(['shift', 'user', null])('knows visits only, not %s', (resource) => {
    expect(renderData('{"status":"40"}', { resource })).toEqual({ sent: false, reason: 'event type not in v1' });
  });

  it('takes codes from the table that the operator edits', () => {
    expect(renderedData('{"status":"completed"}', { clinicV1StatusCodes: { completed: '30' } })).toBe(
      '{"status":"30"}',
    );
  });
});

describe('the end of clinic-v1', () => {
  const headersWith = (clinicV1Sunset: string | undefined, type?: string) => {
    const rendered = renderData('{"status":"40"}', { clinicV1Sunset }, type);
    return rendered.sent && rendered.headers;
  };

  it.each([undefined, ''])('is not announced as long as no date is set (%j)', (date) => {
    expect(headersWith(date)).toEqual({});
  });

  it.each(['visit.updated', 'ping'])('is announced in every %s once there is a date', (type) => {
    expect(headersWith('2027-06-30', type)).toEqual({
      deprecation: '@1795219200',
      sunset: 'Wed, 30 Jun 2027 00:00:00 GMT',
    });
  });

  it('never comes before the deprecation', () => {
    expect(headersWith('2025-01-01')).toEqual({
      deprecation: '@1735689600',
      sunset: 'Wed, 01 Jan 2025 00:00:00 GMT',
    });
  });

  it.each(['soon', '2027-13-01', '2027-6-30'])('is not announced for a date that is none: %s', (date) => {
    expect(() => headersWith(date)).toThrow('YYYY-MM-DD');
  });
});
