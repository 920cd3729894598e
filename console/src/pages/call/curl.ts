import type { Attempt } from '../../api/types.ts';

/** Headers that curl makes by itself. */
const OWN = new Set(['host', 'content-length', 'connection', 'accept-encoding']);

/** The request as a command for a POSIX shell. Secrets are masked in the log, so they are masked here. */
export function toCurl({ url, request }: Attempt): string {
  const headers = Object.entries(request?.headers ?? {})
    .filter(([name]) => !OWN.has(name.toLowerCase()))
    .map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  const body = request?.body === undefined ? [] : [`--data-raw ${quote(request.body)}`];
  return [`curl -X POST ${quote(url)}`, ...headers, ...body].join(' \\\n  ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
