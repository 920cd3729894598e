import { isoTime, object, text } from './format.ts';
import type { Format } from './format.ts';

/** Structured mode, https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
export const cloudevents: Format = {
  description: 'CloudEvents 1.0, structured mode.',
  render: (event) => ({
    sent: true,
    contentType: 'application/cloudevents+json',
    headers: {},
    body: object({
      specversion: '"1.0"',
      id: text(event.id),
      source: text(`/organizations/${event.organization}`),
      type: text(event.type),
      time: isoTime(event.enqueued_ms),
      subject: text(event.resource_id),
      triggeringlocation: text(event.triggering_location),
      datacontenttype: event.data === undefined ? undefined : '"application/json"',
      data: event.data,
    }),
  }),
};
