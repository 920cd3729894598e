import type { Status } from '../api/types.ts';
import { counted } from './counted.ts';

/** One thing that may be wrong. */
export interface StatusPart {
  name: string;
  level: 'success' | 'warning' | 'error' | 'info';
  text: string;
  /** Where more is said. */
  to?: string;
}

/** A message that waits longer is late for somebody, seconds. */
const LATE_SECONDS = 60;
const VERY_LATE_SECONDS = 600;

/** What the status says, a part for each question that an operator has. What could not be looked up says so. */
export function partsOf({ queues, dead_letters, held, stuck, alarms }: Status): StatusPart[] {
  return [queuePart(queues), deadLetterPart(dead_letters), heldPart(held), ...stuckParts(stuck), ...alarmParts(alarms)];
}

function queuePart(queues: Status['queues']): StatusPart {
  if (queues === null) return unknown('queues', 'Queues');
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const slowest = queues.toSorted((a, b) => (b.oldest_seconds ?? 0) - (a.oldest_seconds ?? 0))[0];
  const oldest = slowest?.oldest_seconds ?? 0;
  const level = oldest >= VERY_LATE_SECONDS ? 'error' : oldest >= LATE_SECONDS ? 'warning' : 'success';
  const where = oldest >= LATE_SECONDS ? ` (${slowest!.name})` : '';
  return { name: 'queues', level, text: `${waiting} waiting, the oldest ${Math.round(oldest)} s${where}` };
}

function deadLetterPart(letters: Status['dead_letters']): StatusPart {
  if (letters === null) return unknown('dead letters', 'Dead letters');
  const { customers, ours } = letters;
  const level = ours > 0 ? 'error' : customers > 0 ? 'warning' : 'success';
  return {
    name: 'dead letters',
    level,
    text: `Dead letters: ${customers} of customers, ${ours} of ours`,
    to: '/console/deliveries?outcome=exhausted,gone',
  };
}

function heldPart(held: Status['held']): StatusPart {
  if (held === null) return unknown('held', 'Held');
  const count = held.down + held.throttled + held.paused + held.releasing;
  return {
    name: 'held',
    level: held.down + held.throttled > 0 ? 'warning' : count > 0 ? 'info' : 'success',
    text: `${held.is_complete ? '' : 'At least '}${count} held at ${counted(held.endpoints.length, 'endpoint')}`,
    to: '/console/overview',
  };
}

function stuckParts(stuck: Status['stuck']): StatusPart[] {
  if (stuck === null || stuck.found === 0) return [];
  return [
    {
      name: 'stuck',
      level: 'warning',
      text: `${counted(stuck.found, 'stuck delivery', 'stuck deliveries')} queued again`,
    },
  ];
}

function alarmParts(alarms: Status['alarms']): StatusPart[] {
  return (alarms ?? []).map(({ name, description }) => ({ name, level: 'error', text: `${name}: ${description}` }));
}

function unknown(name: string, words: string): StatusPart {
  return { name, level: 'info', text: `${words}: not known at the moment` };
}
