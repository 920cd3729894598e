import { PING } from '../event.ts';
import { isoTime, json, object, text } from './format.ts';
import type { Format } from './format.ts';

/** The resources that Axle promises its customers; another noun would be a body that none of them knows. */
const CARRIED = ['visit', 'shift'];

export const resource: Format = {
  description: 'Axle: the resource as it was after the edit, under its own name; visits and shifts only.',
  render(event, context) {
    const noun = context.resource;
    if (event.type !== PING && (noun === null || !CARRIED.includes(noun))) {
      return { sent: false, reason: 'format cannot carry resource' };
    }
    return json(
      object({
        type: text(noun ?? PING),
        updated_at: isoTime(event.enqueued_ms),
        triggering_location: text(event.triggering_location),
        ...(noun === null ? {} : { [noun]: event.data }),
      }),
    );
  },
};
