import { z } from 'zod';
import { checkCustomHeaders, isCredentialHeader, MASKED } from '../../domain/subscription/custom-headers.ts';
import { catalogue } from '../../domain/catalogue/index.ts';
import { HIGHEST_RATE_PER_SECOND, LONGEST_ATTEMPT_SECONDS, LONGEST_HEAL_HOURS } from '../../domain/limits.ts';
import { FORMAT_NAMES } from '../../domain/formats/names.ts';
import { checkFilter } from '../../domain/subscription/filter/filter.ts';
import { checkPattern } from '../../domain/subscription/matching.ts';
import { DEFAULTED, DELIVERY_WAYS, SIGNINGS } from '../../domain/subscription/subscription.ts';
import { wrongSecret } from '../../domain/secrets/stored.ts';
import { owner } from '../http/query-schema.ts';
import { authInput, authView, headerName } from './auth-schema.ts';
import { USE_AUTH } from './credentials.ts';
import { healthView } from './endpoint-health-view.ts';

/** The catalogue's event types. */
export const KNOWN_TYPES: ReadonlySet<string> = new Set(catalogue.types.map((type) => type.name));

const pattern = z.string().superRefine((text, context) => {
  const wrong = checkPattern(text, KNOWN_TYPES);
  if (wrong) context.addIssue({ code: 'custom', message: wrong });
});
/** One pattern of event types or several. */
export const patterns = z
  .union([pattern, z.array(pattern).min(1, 'expected at least one pattern; "*" for every event').max(100)])
  .describe('One pattern or several: "*", "visit.ended", "visit.*", "medical-encounters"');

const headers = z.record(z.string(), z.string()).superRefine((value, context) => {
  for (const [name, text] of Object.entries(value)) {
    // A change may send one back as it was shown.
    if (isCredentialHeader(name) && text !== MASKED)
      context.addIssue({ code: 'custom', path: [name], message: USE_AUTH });
  }
  const checked = checkCustomHeaders(value);
  if (checked.ok) return;
  for (const { name, detail } of checked.errors) {
    // Without a name it is about all of them; `/headers/` would be a header whose name is empty.
    const isOfAll = name === '' && !Object.hasOwn(value, '');
    context.addIssue({ code: 'custom', path: isOfAll ? [] : [name], message: detail });
  }
});

/** EventBridge's pattern syntax, a subset: docs/receivers.md. */
export const filter = z
  .record(z.string(), z.unknown())
  .superRefine((value, context) => {
    const wrong = checkFilter(value);
    if (!wrong) return;
    const path = wrong.pointer
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    context.addIssue({ code: 'custom', path, message: wrong.detail });
  })
  .describe(
    "Only events that pass: EventBridge's pattern syntax over data, type, account, resource_id, triggering_location",
  );

/** Why an event would not be sent. */
export const because = z
  .array(z.string())
  .describe('JSON Pointers into the event: what is not as events, account and filter ask. Empty when it matches');

/** A signing secret that its customer has already, from a platform that was used before. */
export const ownSecret = z
  .string()
  .refine((text) => text.startsWith('whsec_') && text.trim() === text && wrongSecret(text) === undefined, {
    message: 'expected whsec_ and base64 of 24 to 64 bytes',
  })
  .meta({ writeOnly: true })
  .describe('Its customer has it already: whsec_ and base64 of 24 to 64 bytes. Without it a new one is made');

const editable = {
  url: z.string().describe('Where deliveries are POSTed; https. Not needed with `delivery` pull'),
  delivery: z
    .enum(DELIVERY_WAYS)
    .describe(
      'push: deliveries are sent to `url` · pull: they are kept until their customer fetches and acknowledges them',
    ),
  active: z.boolean().describe('Whether events are delivered'),
  events: patterns,
  format: z.enum(FORMAT_NAMES).describe('Shape of the request body'),
  success: z.enum(['2xx', '200']).describe('Which statuses count as delivered'),
  description: z.string().max(1024),
  account: owner.describe('Only events of this account'),
  filter,
  signing: z
    .enum(SIGNINGS)
    .describe('v1: HMAC with the signing secret · v1a: Ed25519, verified with the public key · both'),
  signature_header: headerName.describe('A further header with t=<unix>,v1=<hex>'),
  headers: headers.describe('Further headers on every request; credentials go into auth'),
  auth: authInput,
  timeout_seconds: z.int().min(1).max(LONGEST_ATTEMPT_SECONDS).describe('For the whole of one attempt'),
  heal_hours: z
    .int()
    .min(0)
    .max(LONGEST_HEAL_HOURS)
    .describe(
      'For so many hours exhausted deliveries are tried again; default: 24 as deployed, 0 with format resource',
    ),
  rate_per_second: z
    .int()
    .min(1)
    .max(HIGHEST_RATE_PER_SECOND)
    .describe('So many requests a second at most, at all times; what is above waits for its turn. Default: no ceiling'),
};

/** Body of POST /v1/subscriptions. */
export const subscriptionInput = z
  .strictObject({
    organization: owner.describe('Required with an admin key; an organization key has its own'),
    ...editable,
    secret: ownSecret,
  })
  .partial()
  .refine(({ url, delivery }) => url !== undefined || delivery === 'pull', {
    path: ['url'],
    error: 'is required',
    // Whatever else is wrong with it.
    when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
  });

/** Body of PATCH /v1/subscriptions/{id}: what is there is set, null removes. */
export const subscriptionChange = z
  .strictObject({
    ...editable,
    success: editable.success.nullable(),
    description: editable.description.nullable(),
    account: editable.account.nullable(),
    filter: editable.filter.nullable(),
    signing: editable.signing.nullable(),
    signature_header: editable.signature_header.nullable(),
    headers: editable.headers.nullable(),
    auth: editable.auth.nullable(),
    timeout_seconds: editable.timeout_seconds.nullable(),
    heal_hours: editable.heal_hours.nullable(),
    rate_per_second: editable.rate_per_second.nullable(),
  })
  .partial();

const time = z.string().describe('ISO 8601 with milliseconds, UTC');

/** A subscription in an answer. A row edited by hand into something unreadable shows what it holds, and why in `problem`. */
export const subscriptionView = z.object({
  organization: z.string(),
  id: z.string(),
  url: z.string().describe('Empty with `delivery` pull, when none was given'),
  delivery: z.enum(DELIVERY_WAYS),
  active: z.boolean(),
  paused: z
    .boolean()
    .optional()
    .describe('True: nothing is sent for now, what comes is held until it is resumed; see `health`'),
  events: z.array(z.string()),
  format: z.enum(FORMAT_NAMES),
  success: z.enum(['2xx', '200']),
  timeout_seconds: z.int(),
  heal_hours: z.int().optional().describe('Absent: the default'),
  rate_per_second: z.int().optional().describe('Absent: no ceiling'),
  description: z.string().optional(),
  account: z.string().optional(),
  filter: z.record(z.string(), z.unknown()).optional(),
  signing: z.enum(SIGNINGS),
  signature_header: z.string().optional(),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .describe(`Values of authorization, cookie, *-token, *-key and *-secret are shown as ${MASKED}`),
  auth: authView.optional(),
  created_at: time.optional(),
  updated_at: time.optional(),
  inactive_since: time.optional().describe('Since when it is inactive, where that is known'),
  missed_since: time
    .optional()
    .describe('It was inactive from this time until `missed_until`, and what it missed was not sent yet'),
  missed_until: time.optional(),
  defaults: z
    .array(z.enum(DEFAULTED))
    .optional()
    .describe('Which of these nobody gave: they have their default, which may depend on the format, and follow it'),
  problem: z.string().optional().describe('Why nothing is sent'),
  health: healthView.optional(),
});

/** The answer to a change. */
export const changedView = subscriptionView.extend({
  missed: z
    .object({
      since: time.describe('To ask a replay from this time for outcome `missed`'),
      count: z.int().describe('Events that would be sent'),
      more: z.literal(true).optional().describe('There was no time to count all'),
    })
    .optional()
    .describe(
      'After an activation: what was accepted while it was inactive and would match it now. Nothing of it is sent',
    ),
});

/** A list of them, or of anything else. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable().describe('null on the last page') });
}
