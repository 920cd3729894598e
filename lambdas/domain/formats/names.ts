/** The shapes of a request body that a subscription can ask for. */
export const FORMAT_NAMES = [
  'standard',
  'thin',
  'resource',
  'envelope',
  'clinic-v1',
  'clinic-v2',
  'cloudevents',
] as const;

export type FormatName = (typeof FORMAT_NAMES)[number];
