import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/api/types.ts';
import { byHarm } from '../../src/pages/overview/harm.ts';
import { partsOf } from '../../src/ui/status-parts.ts';
import { aSubscription } from './factories.ts';

const aStatus = (fields: Partial<Status> = {}): Status => ({
  at: '2026-11-29T20:00:00.000Z',
  last_event_at: null,
  queues: [],
  dead_letters: { customers: 0, ours: 0, queues: [] },
  held: { down: 0, throttled: 0, paused: 0, releasing: 0, is_complete: true, endpoints: [] },
  stuck: null,
  schedules: [],
  alarms: [],
  ...fields,
});
const aQueue = (name: string, waiting: number, oldest_seconds: number | null) => ({
  name,
  waiting,
  in_flight: 0,
  delayed: 0,
  oldest_seconds,
});
const levels = (status: Status) => Object.fromEntries(partsOf(status).map(({ name, level }) => [name, level]));

describe('the status of the platform in one line', () => {
  it('is good while nothing waits long, nothing is dead and nothing held', () => {
    expect(levels(aStatus())).toEqual({ queues: 'success', 'dead letters': 'success', held: 'success' });
  });

  it('names the queue in which something waits long', () => {
    const late = aStatus({ queues: [aQueue('events', 3, 2), aQueue('deliveries', 4, 75)] });
    const veryLate = aStatus({ queues: [aQueue('events', 3, 601)] });

    expect(partsOf(late)[0]).toMatchObject({ level: 'warning', text: '7 waiting, the oldest 75 s (deliveries)' });
    expect(levels(veryLate).queues).toBe('error');
  });

  it('tells what customers refused from what failed for a reason of ours', () => {
    expect(levels(aStatus({ dead_letters: { customers: 19, ours: 0, queues: [] } }))['dead letters']).toBe('warning');
    expect(levels(aStatus({ dead_letters: { customers: 0, ours: 1, queues: [] } }))['dead letters']).toBe('error');
  });

  it('tells of alarms and of what was stuck, and says what nobody knows', () => {
    const status = aStatus({
      queues: null,
      stuck: { found: 2, at: '2026-11-29T20:00:00.000Z' },
      alarms: [{ name: 'posthorn-x', description: 'x is late', since: '2026-11-29T20:00:00.000Z' }],
    });

    expect(partsOf(status).map(({ text }) => text)).toEqual([
      'Queues: not known at the moment',
      'Dead letters: 0 of customers, 0 of ours',
      '0 held at 0 endpoints',
      '2 stuck deliveries queued again',
      'posthorn-x: x is late',
    ]);
  });
});

describe('endpoints that need attention', () => {
  const row = (id: string, state: string, held?: number) => ({
    item: aSubscription({ id, health: { state, failures: 0, called: true } }),
    waiting: held === undefined ? undefined : { held },
  });

  it('stand by what waits for them, then by how bad it is', () => {
    const rows = [row('slow', 'slow'), row('down', 'down', 3), row('paused', 'paused', 90), row('idle down', 'down')];

    expect(byHarm(rows).map(({ item }) => item.id)).toEqual(['paused', 'down', 'idle down', 'slow']);
  });

  it('are none that somebody has deactivated', () => {
    const off = { item: aSubscription({ active: false }), waiting: undefined };

    expect(byHarm([off])).toEqual([]);
  });
});
