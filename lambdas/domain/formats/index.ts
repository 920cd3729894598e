import type { PosthornEvent } from '../event.ts';
import { clinicV1 } from './clinic-v1.ts';
import { clinicV2 } from './clinic-v2.ts';
import { cloudevents } from './cloudevents.ts';
import { envelope } from './envelope.ts';
import type { Format, FormatContext, NotSent, Rendered } from './format.ts';
import type { FormatName } from './names.ts';
import { resource } from './resource.ts';
import { standard } from './standard.ts';
import { thin } from './thin.ts';

export type { Format, FormatContext, NotSent, Rendered } from './format.ts';

/** All formats. A new one is its name in names.ts, one file, and one line here. */
export const FORMATS: Record<FormatName, Format> = {
  standard,
  thin,
  resource,
  envelope,
  'clinic-v1': clinicV1,
  'clinic-v2': clinicV2,
  cloudevents,
};

/**
 * The body of an event in a format, or why there is none. Always the same bytes for the same event, format and
 * context, so any attempt may render it again.
 */
export function render(event: PosthornEvent, format: FormatName, context: FormatContext): Rendered | NotSent {
  return FORMATS[format].render(event, context);
}
