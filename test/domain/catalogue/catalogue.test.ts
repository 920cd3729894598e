import { describe, expect, it } from 'vitest';
import { catalogue, createCatalogue } from '../../../lambdas/domain/catalogue/index.ts';
import type { CatalogueType } from '../../../lambdas/domain/catalogue/index.ts';

const aType = (fields: Partial<CatalogueType> = {}): CatalogueType => ({
  name: 'thing.happened',
  description: 'A thing happened.',
  triggers: ['Somebody does it'],
  resource: 'thing',
  schema: { type: 'object', properties: {} },
  sample: {},
  ...fields,
});
const problemsOf = (schema: CatalogueType['schema'], data: string) =>
  createCatalogue([aType({ schema })]).validateData('thing.happened', data);

describe('the shipped catalogue', () => {
  it('knows the event types of the three yardsticks and ping', () => {
    expect(catalogue.types.map(({ name, resource }) => `${name} ${resource}`)).toEqual([
      'medical-encounters.created medical-encounter',
      'medical-encounters.removed medical-encounter',
      'medical-encounters.updated medical-encounter',
      'ping null',
      'posthorn.delivery.exhausted delivery',
      'posthorn.endpoint.down endpoint',
      'posthorn.endpoint.failing endpoint',
      'posthorn.endpoint.recovered endpoint',
      'posthorn.endpoint.throttled endpoint',
      'posthorn.subscription.deactivated subscription',
      'shift.created shift',
      'shift.updated shift',
      'user.created user',
      'visit.created visit',
      'visit.ended visit',
      'visit.invoice.processed visit',
      'visit.note.signed_and_sent visit',
      'visit.updated visit',
    ]);
  });

  it('says of each type what happened and who triggers it', () => {
    for (const { description, triggers } of catalogue.types) {
      expect(description).toMatch(/\.$/);
      expect(triggers.length).toBeGreaterThan(0);
    }
    expect(catalogue.get('user.created')!.triggers).toHaveLength(6);
    expect(catalogue.get('visit.ended')!.triggers).toHaveLength(3);
  });

  it('takes its own samples, further members, and data with nothing in it', () => {
    for (const { name, sample } of catalogue.types.filter(({ resource }) => resource !== null)) {
      expect(catalogue.validateData(name, JSON.stringify(sample))).toEqual([]);
      expect(catalogue.validateData(name, '{"more":{"n":1e400},"__proto__":{"id":1}}')).toEqual([]);
      expect(catalogue.validateData(name, '{}')).toEqual([]);
    }
  });

  it('refuses data of the wrong type in the members that it describes', () => {
    for (const { name, schema } of catalogue.types.filter(({ resource }) => resource !== null)) {
      const [member] = Object.keys(schema.properties!);
      const [problem, ...others] = catalogue.validateData(name, `{"${member}":{"wrong":1}}`);

      expect(problem).toMatchObject({ pointer: `/data/${member}` });
      expect(problem!.detail).toMatch(/^expected string.*, got object$/);
      expect(others).toEqual([]);
    }
  });

  it('knows no other type', () => {
    for (const type of ['visit', 'visit.ended.x', 'Visit.ended', '__proto__', 'constructor', ''])
      expect(catalogue.get(type)).toBeUndefined();
    expect(catalogue.validateData('visit.lost', '{}')).toEqual([]);
  });

  it.each([
    ['visit.end', 'visit.ended'],
    ['visits.created', 'visit.created'],
    ['medical-encounter.removed', 'medical-encounters.removed'],
    ['visit.note.signed', 'visit.note.signed_and_sent'],
  ])('finds for %s the nearest type %s', (type, nearest) => {
    expect(catalogue.nearest(type)).toHaveLength(3);
    expect(catalogue.nearest(type)).toContain(nearest);
    expect(catalogue.nearest('visit.end', 1)).toEqual(['visit.ended']);
  });

  it('proposes nothing that producers cannot publish, and bears a type of any length', () => {
    const published = catalogue.types.map(({ name }) => name).filter((name) => !/^(ping$|posthorn\.)/.test(name));
    expect(catalogue.nearest('posthorn.ping', 20).sort()).toEqual(published);
    expect(catalogue.nearest('x'.repeat(250_000))).toHaveLength(3);
  });
});

describe('problems with data', () => {
  const secret = 'Sample Patient';

  it.each([
    [{ type: ['number', 'null'] }, `"${secret}"`, '/data/m', 'expected number or null, got string'],
    [{ enum: ['a', 1, null] }, `"${secret}"`, '/data/m', 'expected a or 1 or null, got another value'],
    [{ const: 'a' }, `"${secret}"`, '/data/m', 'expected a, got another value'],
    [{ type: 'string', maxLength: 3 }, `"${secret}"`, '/data/m', /"maxLength 3"/],
    [{ type: 'string', pattern: '^x' }, `"${secret}"`, '/data/m', /"pattern \^x"/],
    [{ type: 'string', format: 'date-time' }, `"${secret}"`, '/data/m', /"format date-time"/],
    [{ type: 'number', minimum: 5 }, '4.75', '/data/m', /"minimum 5"/],
    [{ type: 'object', required: ['id'] }, `{"a":"${secret}"}`, '/data/m', 'expected the member id, got none'],
    [
      { type: 'object', additionalProperties: false },
      `{"a":"${secret}"}`,
      '/data/m/a',
      /^expected no member of this name/,
    ],
    [{ type: 'array', items: { type: 'number' } }, `[1,"${secret}"]`, '/data/m/1', 'expected number, got string'],
    [{ anyOf: [{ type: 'number' }, { maxLength: 1 }] }, `"${secret}"`, '/data/m', /"anyOf"/],
    [{ allOf: [{ type: 'number' }] }, `"${secret}"`, '/data/m', 'expected number, got string'],
    [{ $ref: '#/$defs/n' }, `"${secret}"`, '/data/m', 'expected number, got string'],
    [{ not: { type: 'string' } }, `"${secret}"`, '/data/m', /"not"/],
  ])('with the schema %j say what was expected, never what the value is', (schema, value, pointer, detail) => {
    const whole = { type: 'object', properties: { m: schema }, $defs: { n: { type: 'number' } } };

    const problems = problemsOf(whole as CatalogueType['schema'], `{"m":${value}}`);

    expect(problems).toEqual([
      { pointer, detail: typeof detail === 'string' ? detail : (expect.stringMatching(detail) as string) },
    ]);
    expect(JSON.stringify(problems)).not.toMatch(/Sample|4\.75/);
  });

  it('point to members with any name', () => {
    const name = 'a/b~c% #ä"';
    const schema: CatalogueType['schema'] = { type: 'object', properties: { [name]: { type: 'number' } } };

    expect(problemsOf(schema, JSON.stringify({ [name]: 'x' }))).toEqual([
      { pointer: '/data/a~1b~0c% #ä"', detail: 'expected number, got string' },
    ]);
  });

  it('never quote more than 100 characters of a key', () => {
    const schema: CatalogueType['schema'] = { type: 'object', additionalProperties: { type: 'number' } };

    expect(problemsOf(schema, `{"${'k'.repeat(5000)}":"x"}`)).toEqual([
      { pointer: '/data', detail: 'expected number, got string' },
    ]);
  });

  it('are few, even where a hundred thousand elements are wrong', () => {
    const schema: CatalogueType['schema'] = {
      type: 'object',
      properties: { list: { type: 'array', items: { type: 'string' } } },
    };

    expect(problemsOf(schema, `{"list":[${'1,'.repeat(130_000)}1]}`)).toHaveLength(1);
  });

  it('name the whole of data where it is no object', () => {
    expect(catalogue.validateData('visit.ended', '[]')).toEqual([
      { pointer: '/data', detail: 'expected object, got array' },
    ]);
  });
});
