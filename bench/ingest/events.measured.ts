import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { HttpAnswer, HttpEvent } from '../../lambdas/runtime/http/event.ts';
import { CONTEXT, loadHandler } from '../support/invoke.ts';
import { measureRounds } from '../support/rounds.ts';
import { POSTED } from '../support/sample.ts';

// Ingest's handler, one event in a request, against a handler that only forwards the body to SendMessage.

type Handler = (event: HttpEvent, context: object) => Promise<HttpAnswer>;

const handler = await loadHandler<Handler>(process.env.HANDLER!);
const sqs = new SQSClient({});
const request: HttpEvent = {
  routeKey: 'POST /v1/events',
  rawPath: '/v1/events',
  rawQueryString: '',
  headers: {
    // Any key passes: the stub knows them all.
    authorization: `Bearer ${process.env.API_KEY}`,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(POSTED)),
    host: 'abc123.execute-api.us-east-1.amazonaws.com',
    'user-agent': 'producer/1.0',
    'x-amzn-trace-id': 'Root=1-65f0e0a0-000000000000000000000000',
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  },
  requestContext: { requestId: 'JKJaXmPLvHcESHA=', http: { method: 'POST', path: '/v1/events' } },
  body: POSTED,
  isBase64Encoded: false,
};

async function ingest(): Promise<void> {
  const { statusCode, body } = await handler(request, { ...CONTEXT });
  if (statusCode !== 202) throw new Error(`Expected 202, got ${statusCode} ${body}`);
}

const QUEUE = `${process.env.AWS_ENDPOINT_URL_SQS}/000000000000/events`;
async function forward({ body }: HttpEvent): Promise<HttpAnswer> {
  await sqs.send(new SendMessageCommand({ QueueUrl: QUEUE, MessageBody: body! }));
  return { statusCode: 202, headers: {}, body: '' };
}

const contenders = [
  { name: 'ingest', units: 1, run: ingest },
  { name: 'forward to SendMessage', units: 1, run: () => forward(request) },
];
process.send!(await measureRounds(contenders, { unitsPerRound: Number(process.env.UNITS) }));
