import { catalogue } from '../domain/catalogue/index.ts';
import { checkEndpointUrl, type EndpointUrlOptions } from '../domain/endpoint-url.ts';
import type { SubscriptionRules } from '../domain/read-subscription.ts';
import { LOCAL_RECEIVERS } from './env.ts';

/**
 * Which endpoints this deployment may call: the same for checking a URL and for connecting to it.
 * @param allowHttp value of `ENV.allowHttp`.
 */
export function readReach(allowHttp: string): EndpointUrlOptions {
  return { allowHttp: allowHttp === 'true', localReceivers: process.env[LOCAL_RECEIVERS] === 'allow' };
}

/** The rules by which this deployment reads subscription rows. */
export function subscriptionRules(reach: EndpointUrlOptions): SubscriptionRules {
  return {
    checkUrl: (url) => checkEndpointUrl(url, reach),
    knownTypes: new Set(catalogue.types.map(({ name }) => name)),
  };
}
