import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { QUERY_CODES, signatureCheck, type CredentialsOf, type Verdict } from '../iam/signature.ts';
import { forOwnHost } from '../own-host.ts';
import { privateFile } from '../private-file.ts';
import { readBody } from '../read-body.ts';

/** A notice that a function published: what reaches people or other systems on AWS. */
export interface Notice {
  at: string;
  service: 'sns' | 'events';
  /** Topic, or event bus. */
  target: string;
  subject: string | undefined;
  /** Message text; for an EventBridge entry its detail. */
  message: string;
  /** SNS message attributes, or source and detail type of an EventBridge entry. */
  attributes: Record<string, string>;
}

/** What the server needs from the platform. */
export interface NoticeServerOptions {
  /** Notices are appended here, one JSON text a line. */
  file: string;
  account: string;
  region: string;
  /** ARNs of the topics of the template. */
  topics(): ReadonlySet<string>;
  authorize(call: {
    accessKeyId: string | undefined;
    action: string;
    resources: string[];
    input: unknown;
  }): { allowed: true } | { allowed: false; message: string };
  /** Signatures are checked with these. @default no signature is checked */
  credentialsOf?: CredentialsOf;
  /** How far a caller's clock may differ from the machine's, milliseconds. @default 5 minutes, as AWS has it */
  skewMs?: number | undefined;
  now(): number;
}

/** A running notice server. */
export interface NoticeServer {
  endpoint: string;
  /** All notices since the start, oldest first. */
  notices: Notice[];
  close(): Promise<void>;
}

interface Reply {
  status: number;
  type: string;
  body: string;
}

/**
 * SNS Publish and EventBridge PutEvents for the unmodified SDK, and a clear refusal for every other call, so that
 * no call of a local function leaves the machine.
 */
export async function startNotices(options: NoticeServerOptions): Promise<NoticeServer> {
  const notices: Notice[] = [];
  const record = (notice: Omit<Notice, 'at'>): void => {
    const full = { at: new Date(options.now()).toISOString(), ...notice };
    notices.push(full);
    appendFileSync(options.file, `${JSON.stringify(full)}\n`);
  };
  privateFile(options.file);
  const check = signatureCheck(options.credentialsOf, Date.now, options.skewMs);
  const serve = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const body = (await readBody(request, MOST_BYTES)) ?? Buffer.alloc(0);
    const reply = answer(request, body.toString('utf8'), await check(request, body), options, record);
    response.writeHead(reply.status, { 'content-type': reply.type }).end(reply.body);
  };
  const server = http.createServer(
    // Only a client that went away ends up in the catch.
    forOwnHost((request, response) => void serve(request, response).catch(() => response.destroy())),
  );
  await new Promise<void>((resolve, reject) => void server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, notices, close };
}

type Recorder = (notice: Omit<Notice, 'at'>) => void;

function answer(
  request: http.IncomingMessage,
  body: string,
  verdict: Verdict,
  options: NoticeServerOptions,
  record: Recorder,
): Reply {
  const target = request.headers['x-amz-target'];
  if ('error' in verdict) {
    const { error, message } = verdict;
    return target === undefined ? xmlError(403, QUERY_CODES[error], message) : jsonError(400, error, message);
  }
  const accessKeyId = verdict.signer;
  if (target === 'AWSEvents.PutEvents') return putEvents(accessKeyId, body, options, record);
  const form = new URLSearchParams(body);
  if (form.get('Action') === 'Publish') return publish(accessKeyId, form, options, record);
  const what = String(target ?? form.get('Action') ?? `${request.method} ${request.url}`);
  return jsonError(
    400,
    'UnknownOperationException',
    `The local run has no service for ${what}: it runs SQS, DynamoDB, SNS Publish and EventBridge PutEvents.`,
  );
}

function publish(accessKeyId: string, form: URLSearchParams, options: NoticeServerOptions, record: Recorder): Reply {
  const topic = form.get('TopicArn') ?? '';
  const decision = options.authorize({ accessKeyId, action: 'sns:Publish', resources: [topic], input: {} });
  if (!decision.allowed) return xmlError(403, 'AuthorizationError', decision.message);
  if (!options.topics().has(topic)) return xmlError(404, 'NotFound', 'Topic does not exist');
  const attributes: Record<string, string> = {};
  for (let n = 1; form.has(`MessageAttributes.entry.${n}.Name`); n += 1) {
    const prefix = `MessageAttributes.entry.${n}`;
    attributes[form.get(`${prefix}.Name`) ?? ''] = form.get(`${prefix}.Value.StringValue`) ?? '';
  }
  record({
    service: 'sns',
    target: topic,
    subject: form.get('Subject') ?? undefined,
    message: form.get('Message') ?? '',
    attributes,
  });
  return xml(
    200,
    `<PublishResponse xmlns="${SNS_NAMESPACE}"><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult>${metadata()}</PublishResponse>`,
  );
}

interface EventEntry {
  EventBusName?: string;
  Source?: string;
  DetailType?: string;
  Detail?: string;
}

function putEvents(accessKeyId: string, body: string, options: NoticeServerOptions, record: Recorder): Reply {
  const { Entries = [] } = JSON.parse(body) as { Entries?: EventEntry[] };
  const buses = Entries.map(({ EventBusName = 'default' }) =>
    EventBusName.startsWith('arn:')
      ? EventBusName
      : `arn:aws:events:${options.region}:${options.account}:event-bus/${EventBusName}`,
  );
  const decision = options.authorize({
    accessKeyId,
    action: 'events:PutEvents',
    resources: [...new Set(buses)],
    input: {},
  });
  if (!decision.allowed) return jsonError(400, 'AccessDeniedException', decision.message);
  const results = Entries.map(({ Source = '', DetailType = '', Detail = '' }, i) => {
    record({
      service: 'events',
      target: buses[i] ?? '',
      subject: undefined,
      message: Detail,
      attributes: { source: Source, detail_type: DetailType },
    });
    return { EventId: randomUUID() };
  });
  return {
    status: 200,
    type: 'application/x-amz-json-1.1',
    body: JSON.stringify({ FailedEntryCount: 0, Entries: results }),
  };
}

/** A publish may have 256 KiB, PutEvents 1 MiB; escaping makes more of them. */
const MOST_BYTES = 8 * 1_048_576;
const SNS_NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
const metadata = (): string => `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
const xml = (status: number, body: string): Reply => ({ status, type: 'text/xml', body });

function xmlError(status: number, code: string, message: string): Reply {
  const escaped = message.replace(/[<>&]/g, (c) => `&#${c.charCodeAt(0)};`);
  return xml(
    status,
    `<ErrorResponse xmlns="${SNS_NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  );
}

function jsonError(status: number, type: string, message: string): Reply {
  return { status, type: 'application/x-amz-json-1.1', body: JSON.stringify({ __type: type, message }) };
}
