import { hostOf } from '../domain/endpoint/endpoint-url.ts';
import type { EndpointHealth } from '../domain/endpoint/health.ts';
import type { DeactivatedJob } from '../domain/messages/messages.ts';
import type { RecoveryDeps } from './ports.ts';

type Notice = Parameters<RecoveryDeps['tell']>[0];

/** An endpoint is down. @param url as it stands in the row; only its host is told. */
export function downNotice(health: EndpointHealth, url: unknown): Notice {
  return notice('endpoint.down', 'endpoint is down', about(health), url, [
    `${failedOften(health)} Its deliveries are held; one of them probes it every minute, and when`,
    'it answers again all go out in event order. Nobody needs to do anything here; its owner should know.',
  ]);
}

/** A success here and there does not hide an outage: then there is no row of failures to tell of. */
function failedOften({ failures }: EndpointHealth): string {
  return failures > 1 ? `It failed ${failures} times in a row.` : 'At least 80 % of its tries failed.';
}

/** What was held for an endpoint has gone out. */
export function recoveredNotice(health: EndpointHealth, url: unknown): Notice {
  return notice('endpoint.recovered', 'endpoint answers again', about(health), url, [
    'All deliveries that were held for it have been sent.',
  ]);
}

/** A subscription is paused for so long that somebody may have forgotten it. */
export function pausedNotice({ organization, subscription, paused_ms = 0 }: EndpointHealth, url: unknown): Notice {
  const at = new Date(paused_ms).toISOString();
  const who = {
    organization,
    subscription_id: subscription,
    since: `Paused since ${at}.`,
    times: { paused_since: at },
  };
  return notice('subscription.paused', 'subscription is still paused', who, url, [
    'Its deliveries are held, and go out when it is resumed. Each is kept as long as its event, no longer: ask its owner',
    'whether the pause is still meant.',
  ]);
}

/** The platform has switched a subscription off. */
export function deactivatedNotice(
  { organization, subscription_id, why, since_ms }: DeactivatedJob,
  url: unknown,
): Notice {
  const at = new Date(since_ms).toISOString();
  const what = 'subscription is deactivated';
  if (why === 'gone') {
    const who = { organization, subscription_id, since: `It answered 410 Gone on ${at}.`, times: { gone_at: at } };
    return notice('subscription.deactivated', what, who, url, [
      'A 410 says that nobody wants these events any more, so nothing more is sent. If that was a mistake, activate the',
      'subscription again; its events can be replayed while they are kept.',
    ]);
  }
  return notice('subscription.deactivated', what, { organization, subscription_id, ...downSince(since_ms) }, url, [
    'Its endpoint was down for so long that nothing more is sent. What is held goes out when the subscription is',
    'activated again and its endpoint answers; its events can be replayed then while they are kept.',
  ]);
}

/** Whom a notice is about, and since when. */
interface About {
  organization: string;
  subscription_id: string;
  /** One sentence; empty: unknown. */
  since: string;
  /** The same for systems. */
  times: Record<string, string>;
}

function about({ organization, subscription, opened_ms }: EndpointHealth): About {
  return { organization, subscription_id: subscription, ...downSince(opened_ms) };
}

function downSince(ms: number | undefined): Pick<About, 'since' | 'times'> {
  if (ms === undefined) return { since: '', times: {} };
  const at = new Date(ms).toISOString();
  return { since: `Down since ${at}.`, times: { down_since: at } };
}

function notice(
  kind: Notice['kind'],
  what: string,
  { organization, subscription_id, since, times }: About,
  url: unknown,
  text: string[],
): Notice {
  const host = hostOf(url) ?? 'unknown';
  const first = `Subscription ${subscription_id} of ${organization}, endpoint ${host}. ${since}`.trimEnd();
  return {
    kind,
    subject: `Posthorn: ${what} (${organization})`,
    text: `${first}\n${text.join('\n')}`,
    detail: { organization, subscription_id, host, ...times },
  };
}
