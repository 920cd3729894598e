import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/api/client.ts';
import type { Delivery } from '../../src/api/types.ts';
import { toCsv } from '../../src/pages/deliveries/csv.ts';
import { sendEach, type Sent } from '../../src/pages/deliveries/send-each.ts';

const aDelivery = (fields: Partial<Delivery> = {}): Delivery => ({
  event_id: 'evt_1',
  subscription_id: 'sub_1',
  organization: 'org_1',
  type: 'visit.ended',
  accepted_at: '2026-11-29T08:15:00.000Z',
  outcome: 'exhausted',
  ...fields,
});

describe('deliveries as CSV', () => {
  it('have a line of headings, and quotes where a cell needs them', () => {
    const [heading, first, ...rest] = toCsv([aDelivery({ reason: 'said "no", twice\nat once', status: 500 })]).split(
      '\r\n',
    );

    expect(heading).toMatch(/^accepted_at,organization,.*next_attempt_at$/);
    expect(first).toContain(',exhausted,,500,"said ""no"", twice\nat once",');
    expect(rest).toEqual(['']);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('hand no formula to a spreadsheet: %j', (resource_id) => {
    expect(toCsv([aDelivery({ resource_id })])).toContain(`'${resource_id}`);
  });
});

describe('sending many again', () => {
  const deliveries = Array.from({ length: 10 }, (_, i) => aDelivery({ event_id: `evt_${i}` }));

  it('sends each once, and tells of each that was refused', async () => {
    const asked: string[] = [];
    let last: Sent | undefined;

    await sendEach(deliveries, {
      send: ({ event_id }) => {
        asked.push(event_id);
        return event_id === 'evt_3' ? Promise.reject(new ApiError(404, 'gone')) : Promise.resolve();
      },
      told: (sent) => (last = sent),
      isStopped: () => false,
    });

    expect(asked.sort()).toEqual(deliveries.map(({ event_id }) => event_id));
    expect(last).toMatchObject({ done: 9, refused: [{ delivery: { event_id: 'evt_3' } }] });
  });

  it('waits where the API asks for patience, and asks once more', async () => {
    const asked: string[] = [];
    let rests = 0;

    await sendEach(deliveries.slice(0, 1), {
      send: ({ event_id }) => {
        asked.push(event_id);
        return asked.length === 1 ? Promise.reject(new ApiError(429, 'Too many.')) : Promise.resolve();
      },
      told: () => undefined,
      isStopped: () => false,
      rest: () => Promise.resolve((rests += 1)),
    });

    expect({ asked, rests }).toEqual({ asked: ['evt_0', 'evt_0'], rests: 1 });
  });

  it('ends when somebody stops it', async () => {
    const asked: string[] = [];

    await sendEach(deliveries, {
      send: ({ event_id }) => Promise.resolve(asked.push(event_id)),
      told: () => undefined,
      isStopped: () => asked.length >= 4,
    });

    expect(asked).toHaveLength(4);
  });
});
