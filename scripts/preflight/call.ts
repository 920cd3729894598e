import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';

/** A call that one of AWS's services refused. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message === '' ? code : `${code}: ${message}`);
    this.name = 'AwsError';
    this.code = code;
  }
}

/** Credentials and region, as the SDK finds them. */
export type Access = Pick<DynamoDBClient['config'], 'credentials' | 'region' | 'sha256'>;

export interface Call {
  /** As in signatures and host names: `lambda`. */
  service: string;
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends a call and gives the text of the answer. @throws {@link AwsError} */
export type SendCall = (call: Call) => Promise<string>;

const TIMEOUT_MS = 10_000;
/** Of what a service says of an error. */
const LONGEST_MESSAGE = 300;

/**
 * Makes calls of services whose clients are not installed, one call each: signed, sent once, to nobody else.
 * @param endpoint in place of all services' own, as `AWS_ENDPOINT_URL` is for the SDK.
 */
export function createCalls(access: Access, endpoint: string | undefined): SendCall {
  return async ({ service, method, path, headers = {}, body }) => {
    const region = await access.region();
    const credentials = await access.credentials();
    const url = new URL(path, endpoint ?? `https://${hostOf(service, region)}`);
    const signer = new SignatureV4({ service, region, credentials, sha256: access.sha256 });
    const signed = await signer.sign(
      new HttpRequest({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        headers: { host: url.host, ...headers },
        body,
      }),
    );
    const { host: _, ...sent } = signed.headers;
    const response = await fetch(url, {
      method,
      headers: sent,
      body: body ?? null,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) return text;
    const { code, message } = readError(response, text);
    throw new AwsError(code, hide(message, [credentials.secretAccessKey, credentials.sessionToken]));
  };
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
function hostOf(service: string, region: string): string {
  if (!/^[a-z0-9-]+$/.test(region))
    throw new AwsError('InvalidRegion', `expected a region such as eu-central-1, got ${region}`);
  return `${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** Errors of the services' three protocols: JSON with `__type`, REST with a header, queries with XML. */
function readError(response: Response, text: string): { code: string; message: string } {
  let json: Partial<Record<'__type' | 'message' | 'Message', string>> = {};
  try {
    json = JSON.parse(text) as typeof json;
  } catch {
    // XML, or nothing that a service of AWS says.
  }
  const type = response.headers.get('x-amzn-errortype') ?? json.__type ?? element(text, 'Code');
  const code = type?.replace(/:.*$/, '').replace(/^.*#/, '') ?? `HTTP ${response.status}`;
  return { code, message: json.message ?? json.Message ?? element(text, 'Message') ?? '' };
}

/** Text of an XML element that holds nothing else. */
export function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

/** A wrong signature's message quotes the whole request from its second line on, the session token too. */
function hide(message: string, secrets: (string | undefined)[]): string {
  const line = message.split(/[\r\n]/, 1)[0]!.slice(0, LONGEST_MESSAGE);
  return secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, '…') : text), line);
}
