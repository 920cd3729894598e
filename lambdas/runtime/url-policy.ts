import { catalogue } from '../domain/catalogue/index.ts';
import { checkEndpointUrl, type EndpointUrlOptions } from '../domain/endpoint/endpoint-url.ts';
import type { SubscriptionRules } from '../domain/subscription/read-subscription.ts';
import { LOCAL_RECEIVERS } from './env.ts';

/**
 * Which endpoints this deployment may call: the same for checking a URL and for connecting to it.
 * @param allowHttp value of `ENV.allowHttp`.
 */
export function readUrlPolicy(allowHttp: string): EndpointUrlOptions {
  return { allowHttp: allowHttp === 'true', localReceivers: process.env[LOCAL_RECEIVERS] === 'allow' };
}

/** Verdicts on URLs that a process keeps: the same endpoint is judged for each of its deliveries, 8 µs a time. */
const VERDICTS_KEPT = 5000;

/** The rules by which this deployment reads subscription rows. */
export function subscriptionRules(reach: EndpointUrlOptions): SubscriptionRules {
  const verdicts = new Map<string, ReturnType<typeof checkEndpointUrl>>();
  return {
    checkUrl(url) {
      let verdict = verdicts.get(url);
      if (!verdict) {
        if (verdicts.size >= VERDICTS_KEPT) verdicts.clear();
        verdicts.set(url, (verdict = checkEndpointUrl(url, reach)));
      }
      return verdict;
    },
    knownTypes: new Set(catalogue.types.map(({ name }) => name)),
  };
}
