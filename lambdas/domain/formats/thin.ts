import { json, object } from './format.ts';
import type { Format } from './format.ts';
import { envelopeMembers } from './standard.ts';

export const thin: Format = {
  description:
    'What happened, without data: nothing about a patient leaves; the receiver asks for the resource itself.',
  render: (event) => json(object(envelopeMembers(event))),
};
