import { json, object, text } from './format.ts';
import type { Format } from './format.ts';

export const envelope: Format = {
  description: 'Org: exactly id, event and, where there is one, payload.',
  render: (event) => json(object({ id: text(event.id), event: text(event.type), payload: event.data })),
};
