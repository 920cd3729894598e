import { createHash } from 'node:crypto';
import { render } from '../../lambdas/domain/formats/index.ts';
import { encodeDeliveryMessage, encodeEvent } from '../../lambdas/domain/messages/codec.ts';
import { first } from '../../lambdas/domain/messages/deliveries.ts';
import { parseSecret } from '../../lambdas/domain/secrets/signature.ts';
import type { Subscription } from '../../lambdas/domain/subscription/subscription.ts';
import { buildRequest } from '../../lambdas/domain/delivery/request.ts';
import { receiverUrl, sampleEvent } from '../support/sample.ts';

/** The request of a delivery as a bare client would send it: all is ready. */
export interface BareRequest {
  origin: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Body of the message of delivery `n`: event `n` to subscription `sub_<n>`. */
export function deliveryBody(n: number): string {
  const fields = first({ subscription_id: `sub_${n}`, format: 'standard' }, { nowMs: Date.now() });
  return encodeDeliveryMessage(encodeEvent(sampleEvent(n)), fields);
}

/** The same bytes that the sender makes of that message. */
export function bareRequest(n: number, port: string): BareRequest {
  const event = sampleEvent(n);
  const id = `sub_${n}`;
  const rendered = render(event, 'standard', { resource: 'visit', clinicV1StatusCodes: {}, clinicV1Sunset: '' });
  if (!rendered.sent) throw new Error(rendered.reason);
  const key = parseSecret(`whsec_${createHash('sha256').update(id).digest('base64')}`);
  const subscription = { id, organization: event.organization } as Subscription;
  const { headers, body } = buildRequest(event.id, subscription, rendered, [key], {
    nowMs: Date.now(),
    version: '0.1.0',
  });
  const { origin, pathname } = new URL(receiverUrl(id, port));
  return { origin, path: pathname, headers, body: Buffer.from(body) };
}
