import { parseArgs } from 'node:util';

/** What the command line and the environment say. */
export interface Options {
  url: string;
  forward: URL;
  subscription: string | undefined;
  /** Undefined: to be asked for. */
  key: string | undefined;
  /** For one answer of the target. */
  timeoutSeconds: number;
}

/** A wrong call of the command, in words for the person who typed it. */
export class Misused extends Error {
  override readonly name = 'Misused';
}

export const HELP = `Usage: posthorn-receiver listen --forward <url> [options]

Fetches the deliveries of a subscription with delivery "pull" and forwards them to a server that Posthorn cannot
reach: on this machine, or behind a firewall. One after the other, in event order; headers and body byte for byte,
so that your server verifies them as it would verify a request of Posthorn. A delivery is acknowledged once your
server has answered 2xx; until then it is tried again.

  --forward <url>        where deliveries go, such as http://localhost:3000/webhooks
  --url <url>            where Posthorn is; or the variable POSTHORN_URL
  --subscription <id>    sub_…; may be left out where there is only one that is fetched
  --timeout <seconds>    for one answer of your server, 1 to 300; 30 if left out
  --help, --version

The API key of your organization is read from the variable POSTHORN_API_KEY, or asked for. It is never an argument:
everybody on this machine sees those.

Ctrl-C ends it after the delivery that is under way; a second one ends it at once. Whatever was not acknowledged
comes again.
`;

const DEFAULT_TIMEOUT_SECONDS = 30;
function withoutEndingSlashes(text: string): string {
  return text.endsWith('/') ? withoutEndingSlashes(text.slice(0, -1)) : text;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Reads what `listen` was called with.
 * @throws Misused
 */
export function readOptions(words: readonly string[], env: Record<string, string | undefined>): Options {
  if (words.some((word) => /^--?(api-?)?key(=|$)/i.test(word)))
    throw new Misused('The API key is no argument: everybody on this machine would see it. Set POSTHORN_API_KEY.');
  const { values, positionals } = parse(words);
  if (positionals.length > 0) throw new Misused(`Expected options alone, got "${positionals[0]}".`);
  const url = httpUrl(
    '--url',
    values.url ?? env['POSTHORN_URL'],
    'https://abc123.execute-api.eu-central-1.amazonaws.com',
  );
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname))
    throw new Misused('Expected --url with https, because the API key goes there; http only on this machine.');
  const timeoutSeconds = Number(values.timeout ?? DEFAULT_TIMEOUT_SECONDS);
  if (!(timeoutSeconds >= 1 && timeoutSeconds <= 300))
    throw new Misused(`Expected --timeout with seconds from 1 to 300, got "${values.timeout}".`);
  const { subscription } = values;
  if (subscription !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(subscription))
    throw new Misused(`Expected --subscription with an id as sub_01KGA0B7FVZ6Q2M4N8P0R2T4V6, got "${subscription}".`);
  return {
    url: withoutEndingSlashes(url.href),
    forward: httpUrl('--forward', values.forward, 'http://localhost:3000/webhooks'),
    subscription,
    key: env['POSTHORN_API_KEY']?.trim() || undefined,
    timeoutSeconds,
  };
}

function parse(words: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { url: text, forward: text, subscription: text, timeout: text },
    });
  } catch (error) {
    throw new Misused((error as Error).message);
  }
}

function httpUrl(name: string, text: string | undefined, example: string): URL {
  if (text === undefined || text === '') throw new Misused(`Expected ${name}, such as ${example}.`);
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new Misused(`Expected ${name} as ${example}, got "${text}".`);
  return new URL(text);
}
