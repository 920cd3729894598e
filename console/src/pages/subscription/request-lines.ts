import type { Fields } from './form-fields.ts';

/** What stands in webhook-signature. */
const SIGNATURES: Record<string, string | undefined> = {
  v1a: 'v1a,<base64>',
  both: 'v1,<base64> v1a,<base64>',
};

/** The lines before the body of a request with these settings; what differs from request to request in angle brackets. */
export function requestLines(
  { url, signing, signatureHeader, headers }: Pick<Fields, 'url' | 'signing' | 'signatureHeader' | 'headers'>,
  contentType: string,
): string[] {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  const own = headers.filter(({ key }) => key.trim() !== '').map(({ key, value }) => `${key.trim()}: ${value}`);
  return [
    `POST ${target ? `${target.pathname}${target.search}` : '/'} HTTP/1.1`,
    `host: ${target?.host ?? '<host of the URL>'}`,
    ...own,
    `content-type: ${contentType}`,
    'user-agent: Posthorn/<version>',
    'webhook-id: <id of the event>',
    'webhook-timestamp: <seconds since 1970>',
    `webhook-signature: ${SIGNATURES[signing] ?? 'v1,<base64>'}`,
    ...(signatureHeader.trim() === '' ? [] : [`${signatureHeader.trim()}: t=<seconds since 1970>,v1=<hex>`]),
  ];
}
