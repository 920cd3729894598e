import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../lambdas/domain/catalogue/index.ts';
import type { CatalogueType } from '../../../lambdas/domain/catalogue/index.ts';
import { render } from '../../../lambdas/domain/formats/index.ts';
import { collectCatalogue, writeCatalogue } from '../../../scripts/catalogue.ts';

const SHIPPED = join(import.meta.dirname, '../../../lambdas/domain/catalogue');

let folder: string;
let place: { eventTypes: string; generated: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
  place = { eventTypes: join(folder, 'event-types'), generated: join(folder, 'catalogue.generated.json') };
  cpSync(join(SHIPPED, 'event-types'), place.eventTypes, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const aFile = (fields: Record<string, unknown> = {}) => ({
  $schema: '../catalogue.schema.json',
  name: 'referral.sent',
  description: 'A referral was sent.',
  triggers: ['A provider refers a patient'],
  resource: 'referral',
  schema: { type: 'object', properties: { id: { type: 'string' } } },
  sample: { id: '1' },
  ...fields,
});

function addFile(content: unknown, name = 'referral.sent.json'): void {
  writeFileSync(join(place.eventTypes, name), typeof content === 'string' ? content : JSON.stringify(content));
}

const read = () => JSON.parse(readFileSync(place.generated, 'utf8')) as CatalogueType[];

describe('adding an event type', () => {
  it('takes one file', () => {
    addFile(aFile());

    writeCatalogue(place);

    const catalogue = createCatalogue(read());
    expect(catalogue.get('referral.sent')).toMatchObject({ resource: 'referral', sample: { id: '1' } });
    expect(catalogue.nearest('referal.sent', 1)).toEqual(['referral.sent']);
    expect(catalogue.validateData('referral.sent', '{"id":"7"}')).toEqual([]);
    expect(catalogue.validateData('referral.sent', '{"id":7}')).toHaveLength(1);
    const event = {
      id: 'evt_1',
      organization: 'org_1',
      type: 'referral.sent',
      triggering_location: 'API',
      enqueued_ms: 0,
      data: '{"id":"7"}',
    } as const;
    const context = { resource: catalogue.get('referral.sent')!.resource, clinicV1StatusCodes: {} };
    expect(render(event, 'standard', context)).toMatchObject({ sent: true });
  });

  it('writes the collected file only when something changed', () => {
    expect(writeCatalogue(place)).toBe(true);
    const written = statSync(place.generated, { bigint: true }).mtimeNs;

    expect(writeCatalogue(place)).toBe(false);
    expect(statSync(place.generated, { bigint: true }).mtimeNs).toBe(written);

    addFile(aFile());
    expect(writeCatalogue(place)).toBe(true);
  });

  it.each([
    ['no JSON', '{', /^referral\.sent\.json: .*JSON/m],
    [
      'a member missing',
      aFile({ triggers: undefined }),
      /referral\.sent\.json: the whole: expected the member triggers/,
    ],
    [
      'a member nobody knows',
      aFile({ tiggers: [] }),
      /referral\.sent\.json: \/tiggers: expected no member of this name/,
    ],
    ['a name with one segment', aFile({ name: 'referral' }), /\/name: .*pattern/],
    ['a resource that is no noun', aFile({ resource: 'the referral' }), /\/resource: .*pattern/],
    [
      'a name that is not the file’s',
      aFile({ name: 'referral.send' }),
      /expected the name referral\.sent, got referral\.send/,
    ],
    ['a sample that breaks the schema', aFile({ sample: { id: 1 } }), /\/sample\/id: expected string, got number/],
  ])('with %s is refused by file and place', (_what, content, message) => {
    addFile(content);

    expect(() => writeCatalogue(place)).toThrow(message);
  });

  it('names every wrong file at once', () => {
    addFile(aFile({ name: 'a.b' }));
    addFile('nonsense', 'x.y.json');

    expect(() => collectCatalogue(place.eventTypes)).toThrow(/referral\.sent\.json: [^]*x\.y\.json: /);
  });
});

describe('the shipped files', () => {
  it('are what catalogue.generated.json holds; if not, run node scripts/node24.mjs scripts/catalogue.ts', () => {
    writeCatalogue({ generated: place.generated });

    expect(readFileSync(place.generated, 'utf8')).toBe(readFileSync(join(SHIPPED, 'catalogue.generated.json'), 'utf8'));
  });

  it('name the schema that editors check them by', () => {
    for (const { name } of collectCatalogue()) {
      const file = JSON.parse(readFileSync(join(place.eventTypes, `${name}.json`), 'utf8')) as { $schema: string };
      expect(file.$schema).toBe('../catalogue.schema.json');
    }
  });
});
