import type { PosthornEvent } from '../event.ts';
import { isoTime, json, object, text } from './format.ts';
import type { Format } from './format.ts';

/** Everything that Posthorn says about an event apart from `data`. */
export function envelopeMembers(event: PosthornEvent): Record<string, string | undefined> {
  return {
    id: text(event.id),
    type: text(event.type),
    timestamp: isoTime(event.enqueued_ms),
    organization: text(event.organization),
    account: text(event.account),
    triggering_location: text(event.triggering_location),
    resource_id: text(event.resource_id),
  };
}

export const standard: Format = {
  description: 'The default: every field of the event, then its data.',
  render: (event) => json(object({ ...envelopeMembers(event), data: event.data })),
};
