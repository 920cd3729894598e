import type { Subscription, SubscriptionChange, SubscriptionInput } from '../../api/types.ts';

/** What the form's fields hold: text as typed. */
export interface Fields {
  organization: string;
  account: string;
  url: string;
  description: string;
  events: string;
  format: string;
  success: string;
  timeout: string;
  signatureHeader: string;
  headers: { key: string; value: string }[];
}

export const EMPTY: Fields = {
  organization: '',
  account: '',
  url: '',
  description: '',
  events: '*',
  format: 'standard',
  success: '',
  timeout: '10',
  signatureHeader: '',
  headers: [],
};

/** A subscription as the form shows it. */
export function fieldsOf(subscription: Subscription): Fields {
  const { events } = subscription;
  return {
    organization: subscription.organization,
    account: subscription.account ?? '',
    url: subscription.url,
    description: subscription.description ?? '',
    events: Array.isArray(events) ? events.join(', ') : String(events),
    format: subscription.format,
    success: subscription.success,
    timeout: String(subscription.timeout_seconds),
    signatureHeader: subscription.signature_header ?? '',
    headers: Object.entries(subscription.headers ?? {}).map(([key, value]) => ({ key, value })),
  };
}

/**
 * What the API is asked to store; it checks every rule, so nothing is checked twice here.
 * @param isChange empty fields then mean null, which removes; in something new they are left out.
 */
export function inputOf(fields: Fields, isChange = false): SubscriptionInput | SubscriptionChange {
  const headers = Object.fromEntries(
    fields.headers.filter(({ key }) => key !== '').map(({ key, value }) => [key, value]),
  );
  const optional = {
    account: fields.account,
    description: fields.description,
    signature_header: fields.signatureHeader,
    success: fields.success,
    headers: Object.keys(headers).length > 0 ? headers : '',
  };
  const given = Object.entries(optional).map(([name, value]) => [
    name,
    value === '' ? (isChange ? null : undefined) : value,
  ]);
  return {
    ...(isChange || fields.organization === '' ? {} : { organization: fields.organization }),
    url: fields.url.trim(),
    events: fields.events.split(/[\s,]+/).filter(Boolean),
    format: fields.format,
    timeout_seconds: Number(fields.timeout),
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  } as SubscriptionInput;
}
