import { useQuery } from '@tanstack/react-query';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { bodyOf } from '../../api/client.ts';
import type { Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { counted } from '../../ui/counted.ts';
import { shown } from '../../ui/shown.ts';
import { SubscriptionStatus } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { StoredAuth } from './auth-inputs.tsx';
import { authFieldsOf } from './auth-text.ts';
import { filterText } from './filter-text.ts';
import { isDefault } from './form-fields.ts';
import { targetOf } from './name.ts';
import { Signing } from './signing.tsx';

/** What a subscription is set to. */
export function Facts({ subscription }: { subscription: Subscription }) {
  return <KeyValuePairs columns={4} items={[...factsOf(subscription), ...useSourceIps()]} />;
}

/** Where requests come from, for the endpoint's firewall; nothing where they come from any address of AWS. */
function useSourceIps(): { label: string; value: string }[] {
  const { client } = useSession();
  const { data } = useQuery({
    queryKey: ['/v1/source-ips'],
    queryFn: () => bodyOf(client.GET('/v1/source-ips')),
    staleTime: Infinity,
  });
  return data?.fixed ? [{ label: 'Requests come from', value: data.addresses.join(', ') }] : [];
}

function factsOf(subscription: Subscription) {
  const { heal_hours, rate_per_second } = subscription as { heal_hours?: unknown; rate_per_second?: unknown };
  const { organization, account, id, events, filter, format, timeout_seconds, signature_header, headers } =
    subscription;
  const pair = (label: string, value: React.ReactNode) => ({ label, value });
  return [
    pair('Status', <SubscriptionStatus of={subscription} />),
    // Without a description the heading says it.
    ...(subscription.description ? [pair('URL', <span className="url">{targetOf(subscription)}</span>)] : []),
    pair('Organization', account === undefined ? shown(organization) : `${shown(organization)} / ${shown(account)}`),
    pair('Id', <span className="key">{id}</span>),
    pair('Events', shown(events, 'not set: every event')),
    ...(filter === undefined ? [] : [pair('Filter', <span className="key">{filterText(filter)}</span>)]),
    pair('Format', shown(format, 'not set: standard')),
    pair('Counts as delivered', successOf(subscription)),
    pair('Timeout', typeof timeout_seconds === 'number' ? `${timeout_seconds} s` : shown(timeout_seconds)),
    ...(rate_per_second === undefined ? [] : [pair('Ceiling', ceilingOf(rate_per_second))]),
    ...(heal_hours === undefined ? [] : [pair('Exhausted ones tried again for', hoursOf(heal_hours))]),
    ...(subscription.auth === undefined ? [] : [pair('Credentials', <StoredAuth auth={authFieldsOf(subscription)} />)]),
    pair('Signatures', <Signing subscription={subscription} />),
    ...(signature_header === undefined ? [] : [pair('Signature header', shown(signature_header))]),
    ...(headers === undefined ? [] : [pair('Further headers', headerNames(headers))]),
    pair('Changed', <Time iso={subscription.updated_at} />),
  ];
}

function ceilingOf(rate: unknown): string {
  return typeof rate === 'number' ? `${rate} a second, at all times` : shown(rate);
}

function hoursOf(hours: unknown): string {
  if (typeof hours !== 'number') return shown(hours);
  return hours === 0 ? 'no time' : counted(hours, 'hour');
}

function successOf(subscription: Subscription): string {
  const { success } = subscription as { success: unknown };
  const rule = success === '200' ? 'status 200 alone' : success === '2xx' ? 'any status 2xx' : undefined;
  if (rule === undefined) return shown(success, "not set: the format's own rule");
  return isDefault(subscription, 'success') ? `${rule}, the default of the format` : rule;
}

/** Names alone: values may be credentials, and so may be what somebody typed instead of a map. */
function headerNames(headers: unknown): string {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return 'no list of names and values';
  return Object.keys(headers).join(', ') || 'none';
}
