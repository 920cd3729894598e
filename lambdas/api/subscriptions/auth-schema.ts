import { z } from 'zod';
import { checkHeaderName, HEADER_VALUE_LIMIT } from '../../domain/subscription/custom-headers.ts';
import { AUTH_TYPES } from '../../domain/subscription/auth.ts';

/** Characters of a password, a client secret and the like. With the row's other secrets they stay far below 400 KB. */
const SECRET_LIMIT = 2048;
const NAME_LIMIT = 256;

// Messages never hold a value: it may be the secret.

const text = (max: number) => z.string().min(1, 'must not be empty').max(max);
/** RFC 7617 §2: no control characters, and a colon parts the name from the password. */
const userName = text(NAME_LIMIT).regex(/^[^\p{Cc}:]*$/u, 'must not contain control characters or a colon');
const password = text(SECRET_LIMIT).regex(/^\P{Cc}*$/u, 'must not contain control characters');
/** RFC 6749, appendix A: client ids and secrets are printable ASCII. */
const printable = (max: number) => text(max).regex(/^[\x20-\x7e]*$/, 'must be printable ASCII on one line');
const token = text(HEADER_VALUE_LIMIT - 'Bearer '.length).regex(
  /^[\x21-\x7e]*$/,
  'must be printable ASCII without spaces; leave out the word Bearer',
);
/** Name of a header of the customer's own choice. */
export const headerName = z.string().superRefine((name, context) => {
  const wrong = checkHeaderName(name);
  if (wrong) context.addIssue({ code: 'custom', message: wrong });
});

/** Credentials that requests to the endpoint carry. Answers never hold the secret ones. */
export const authInput = z
  .discriminatedUnion(
    'type',
    [
      z.strictObject({ type: z.literal('basic'), username: userName, password: password.meta({ writeOnly: true }) }),
      z.strictObject({ type: z.literal('bearer'), token: token.meta({ writeOnly: true }) }),
      z.strictObject({
        type: z.literal('header'),
        name: headerName,
        value: printable(HEADER_VALUE_LIMIT).meta({ writeOnly: true }),
      }),
      z.strictObject({
        type: z.literal('oauth2'),
        token_url: z.string().describe('Where an access token is fetched; https'),
        client_id: printable(NAME_LIMIT),
        client_secret: printable(SECRET_LIMIT).meta({ writeOnly: true }),
        scope: z
          .string()
          .max(1024)
          .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'expected scopes separated by one space')
          .optional(),
      }),
    ],
    { error: `expected an object whose type is one of ${AUTH_TYPES.join(', ')}` },
  )
  .describe('Credentials that each request carries, sent only to the origin of the URL; secret members are write-only');

/** Credentials in an answer. */
export const authView = z
  .object({
    type: z.enum(AUTH_TYPES),
    username: z.string().optional(),
    name: z.string().optional(),
    token_url: z.string().optional(),
    client_id: z.string().optional(),
    scope: z.string().optional(),
    set_at: z.string().describe('When they were sent, ISO 8601'),
  })
  .describe('The credentials that requests carry, without the secret members');
