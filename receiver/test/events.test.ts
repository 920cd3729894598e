import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { EventData, StandardEvent } from '../src/index.ts';

const ROOT = join(import.meta.dirname, '../..');

/** As a receiver's code narrows what it got by its type. */
function endOf(event: StandardEvent): number | null | undefined {
  return event.type === 'visit.ended' ? event.data.actual_end : undefined;
}

describe('the types of events', () => {
  it('name every type of the catalogue', () => {
    const generated = readFileSync(join(ROOT, 'receiver/src/events.generated.ts'), 'utf8');
    const types = readdirSync(join(ROOT, 'lambdas/domain/catalogue/event-types'))
      .map((file) => file.replace('.json', ''))
      .filter((type) => type !== 'ping');

    const missing = types.filter((type) => !generated.includes(`  '${type}': components`));
    expect(missing, 'npm run build -w console writes them').toEqual([]);
  });

  it('are narrowed by the type of an event', () => {
    const sample = JSON.parse(
      readFileSync(join(ROOT, 'lambdas/domain/catalogue/event-types/visit.ended.json'), 'utf8'),
    ) as { sample: EventData['visit.ended'] };
    const event: StandardEvent<'visit.ended'> = {
      id: 'evt_1',
      type: 'visit.ended',
      timestamp: '2026-01-31T09:15:00.123Z',
      organization: 'org_1',
      triggering_location: 'API',
      data: sample.sample,
    };

    expectTypeOf(event.data.status).toEqualTypeOf<string | undefined>();
    expect(endOf(event)).toBe(1546950555);
  });
});
