import type { EndpointHealth } from '../domain/endpoint-health.ts';
import type { RecoveryDeps } from './ports.ts';

type Notice = Parameters<RecoveryDeps['tell']>[0];

/** An endpoint is down. @param url as it stands in the row; only its host is told, paths and queries may hold tokens. */
export function downNotice(health: EndpointHealth, url: unknown): Notice {
  return notice('endpoint.down', 'is down', health, url, [
    `It failed ${health.failures} times in a row. Its deliveries are held; one of them probes it every minute, and when`,
    'it answers again all go out in event order. Nobody needs to do anything here; its owner should know.',
  ]);
}

/** What was held for an endpoint has gone out. */
export function recoveredNotice(health: EndpointHealth, url: unknown): Notice {
  return notice('endpoint.recovered', 'answers again', health, url, [
    'All deliveries that were held for it have been sent.',
  ]);
}

/** An endpoint was down for too long. */
export function deactivatedNotice(health: EndpointHealth, url: unknown): Notice {
  return notice('subscription.deactivated', 'is deactivated', health, url, [
    'Its endpoint was down for so long that nothing more is sent. What is held goes out when the subscription is',
    'activated again and its endpoint answers; until then the events can be replayed while they are kept.',
  ]);
}

function notice(
  kind: Notice['kind'],
  what: string,
  { organization, subscription, opened_ms }: EndpointHealth,
  url: unknown,
  text: string[],
): Notice {
  const host = hostOf(url);
  const since = opened_ms === undefined ? '' : ` Down since ${new Date(opened_ms).toISOString()}.`;
  const subject = kind === 'subscription.deactivated' ? `Posthorn: subscription ${what}` : `Posthorn: endpoint ${what}`;
  return {
    kind,
    subject: `${subject} (${organization})`,
    text: `Subscription ${subscription} of ${organization}, endpoint ${host}.${since}\n${text.join('\n')}`,
    detail: {
      organization,
      subscription_id: subscription,
      host,
      ...(opened_ms === undefined ? {} : { down_since: new Date(opened_ms).toISOString() }),
    },
  };
}

function hostOf(url: unknown): string {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).host : 'unknown';
}
