import { json, object, text, unixTime } from './format.ts';
import type { Format } from './format.ts';

export const clinicV2: Format = {
  description: 'Clinic payload version 2.0.',
  render: (event) =>
    json(
      object({
        version: '"2.0"',
        id: text(event.id),
        type: text(event.type),
        created: unixTime(event.enqueued_ms),
        clinic_code: text(event.organization),
        data: event.data ?? '{}',
      }),
    ),
};
