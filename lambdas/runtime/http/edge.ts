import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareObj } from '@middy/core';
import { Problem } from '../../domain/problem.ts';
import { EDGE_HEADER } from '../env.ts';
import { header, type HttpAnswer, type HttpContext, type HttpEvent } from './event.ts';

/**
 * Refuses what did not come through the distribution before the API, and so passed no firewall. Use it before everything that
 * costs something.
 * @param secrets any of which the distribution may send, separated by commas; empty: there is no distribution.
 */
export function onlyThroughEdge(secrets: string): MiddlewareObj<HttpEvent, HttpAnswer, Error, HttpContext> {
  const accepted = secrets.split(',').filter(Boolean).map(digest);
  return {
    before: ({ event, context }) => {
      if (accepted.length === 0) return;
      const given = digest(header(event, EDGE_HEADER) ?? '');
      // Compared as digests: of one length, and in a time that says nothing.
      if (!accepted.some((one) => timingSafeEqual(one, given))) {
        throw new Problem('forbidden', 'This address is not for callers. Send requests to the domain of this API.');
      }
      context.logFields = { ...context.logFields, client_ip: clientOf(event) };
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * The address that the distribution saw, which it appends to what the caller claims; API Gateway may append the distribution's.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
 */
function clientOf(event: HttpEvent | null): string | undefined {
  const addresses = (header(event, 'x-forwarded-for') ?? '').split(',').map((address) => address.trim());
  if (addresses.at(-1) === event?.requestContext?.http?.sourceIp) addresses.pop();
  return addresses.at(-1) || undefined;
}
