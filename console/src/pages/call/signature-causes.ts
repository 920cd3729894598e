import type { Answer } from '../../api/types.ts';

export type Cause = Answer<'verifySignature'>['cause'];

/** Each cause in words; the API's detail says what to do. */
export const CAUSES: Record<Cause, string> = {
  none: 'The signature matches',
  'older-secret': 'The signature matches, with an older secret',
  'missing-header': 'A header is missing',
  'malformed-header': 'A header cannot be read',
  'timestamp-too-old': 'The timestamp is too old',
  'timestamp-in-the-future': 'The timestamp is in the future',
  'body-changed': 'The body was changed',
  'other-subscription': 'It is signed with the secret of another subscription',
  'computed-with-text-of-secret': 'Your code used the text of the secret as the key',
  'computed-in-hexadecimal': 'Your code writes the signature in hexadecimal',
  'computed-without-id': 'Your code leaves out the webhook-id',
  'computed-over-body-alone': 'Your code signs only the body',
  'computed-over-other-body': 'Your code signs another body',
  unknown: 'The signature does not match',
};
