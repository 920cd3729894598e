import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PosthornEvent } from '../../../lambdas/domain/event.ts';
import { FORMATS, render } from '../../../lambdas/domain/formats/index.ts';
import type { FormatContext } from '../../../lambdas/domain/formats/index.ts';
import { FORMAT_NAMES } from '../../../lambdas/domain/formats/names.ts';

const anEvent = (fields: Partial<PosthornEvent> = {}): PosthornEvent => ({
  id: 'evt_01KAM0Z3X2M7QW9F4T6B8N5C1D',
  organization: 'org_1',
  type: 'visit.ended',
  triggering_location: 'API',
  enqueued_ms: 1_546_950_556_999,
  data: '{"id":"1","status":"40"}',
  ...fields,
});
const aContext = (fields: Partial<FormatContext> = {}): FormatContext => ({
  resource: 'visit',
  clinicV1StatusCodes: {},
  ...fields,
});

function bodyOf(...[event, format, context]: Parameters<typeof render>): string {
  const rendered = render(event, format, context);
  if (!rendered.sent) throw new Error(rendered.reason);
  return rendered.body;
}

describe('data', () => {
  it.each(['standard', 'resource', 'envelope', 'clinic-v2', 'cloudevents'] as const)(
    'reaches the customer character for character in %s',
    (format) => {
      const odd = '{ "n":9007199254740993, "f":1.10,"e":1e-7 ,"2":0,"1":0, "s":"\\u00e4\\/ä\u2028\uffff$&"}';
      const whatever = fc
        .tuple(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('', '  '))
        .map(([value, indent]) => JSON.stringify({ value }, null, indent));
      fc.assert(
        fc.property(fc.oneof(fc.constant(odd), whatever), (data) => {
          const body = bodyOf(anEvent({ data }), format, aContext());

          expect(body.slice(-data.length - 1)).toBe(`${data}}`);
          expect(() => JSON.parse(body) as unknown).not.toThrow();
        }),
      );
    },
  );

  it('never leaves in thin', () => {
    expect(bodyOf(anEvent({ data: '{"name":"Sample Patient"}' }), 'thin', aContext())).not.toContain('Sample');
  });
});

describe('every format', () => {
  it.each(FORMAT_NAMES)('%s says what it is for and renders the same event the same way', (format) => {
    expect(FORMATS[format].description).not.toBe('');
    expect(render(anEvent(), format, aContext())).toEqual(render(anEvent(), format, aContext()));
  });

  it.each(FORMAT_NAMES)('%s stays JSON whatever the resource id holds', (format) => {
    const resource_id = '"},\\\u2028"\n';

    expect(() => JSON.parse(bodyOf(anEvent({ resource_id }), format, aContext())) as unknown).not.toThrow();
  });

  it('is marked deprecated only where customers should move away', () => {
    expect(FORMAT_NAMES.filter((name) => FORMATS[name].deprecated)).toEqual(['clinic-v1']);
  });

  it('cuts seconds, never rounds them up', () => {
    expect(bodyOf(anEvent(), 'clinic-v2', aContext())).toContain('"created":1546950556,');
  });
});

describe('resource', () => {
  it.each(['user', 'medical-encounter', null])('does not carry %s', (noun) => {
    const rendered = render(anEvent({ type: 'user.created' }), 'resource', aContext({ resource: noun }));

    expect(rendered).toEqual({ sent: false, reason: 'format cannot carry resource' });
  });
});
