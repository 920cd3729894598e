import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createFastifyHandler,
  createFetchHandler,
  createLambdaHandler,
  createNodeHandler,
  type Delivery,
  type OnDelivery,
  type ReceiveOptions,
} from '../src/index.ts';
import { aRequest, OLDER_SECRET, SECRET, type SignedRequest } from './requests.ts';

// The same promises for every handler: what it answers, and what reaches the program behind it.

type Send = (request: SignedRequest, options: ReceiveOptions, onDelivery: OnDelivery) => Promise<number>;

let port: number;
let listener: ReturnType<typeof createNodeHandler>;
const server = createServer((request, response) => void listener(request, response));
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function postOverHttp({ headers, body }: SignedRequest, method = 'POST'): Promise<{ status: number; allow?: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ port, host: '127.0.0.1', method, headers }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode!, ...(answer.headers.allow ? { allow: answer.headers.allow } : {}) });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** As a framework's reply. */
async function withReply(run: (reply: { code(status: number): { send(): void } }) => Promise<void>): Promise<number> {
  let status = 0;
  await run({ code: (given) => ({ send: () => void (status = given) }) });
  return status;
}

const viaNode: Send = async (request, options, onDelivery) => {
  listener = createNodeHandler(options, onDelivery);
  return (await postOverHttp(request)).status;
};
const viaExpressRaw: Send = async ({ headers, body }, options, onDelivery) => {
  const response = { statusCode: 0, setHeader: () => undefined, end: () => undefined };
  const request = { method: 'POST', headers, body: Buffer.from(body), async *[Symbol.asyncIterator]() {} };
  await createNodeHandler(options, onDelivery)(request, response);
  return response.statusCode;
};
const viaFetch: Send = async ({ headers, body }, options, onDelivery) =>
  (await createFetchHandler(options, onDelivery)(new Request('http://x/', { method: 'POST', headers, body }))).status;
const viaFastify: Send = ({ headers, body }, options, onDelivery) =>
  withReply((reply) => createFastifyHandler(options, onDelivery)({ headers, body: Buffer.from(body) }, reply));
const viaLambda: Send = async ({ headers, body }, options, onDelivery) =>
  (await createLambdaHandler(options, onDelivery)({ headers, body })).statusCode;
const viaLambdaBase64: Send = async ({ headers, body }, options, onDelivery) => {
  const event = { headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
  return (await createLambdaHandler(options, onDelivery)(event)).statusCode;
};

describe.each([
  ['node:http', viaNode],
  ['Express with express.raw', viaExpressRaw],
  ['fetch (Hono)', viaFetch],
  ['Fastify', viaFastify],
  ['Lambda, text', viaLambda],
  ['Lambda, base64', viaLambdaBase64],
])('the handler for %s', (_name, send) => {
  it('answers 200 once the delivery was taken, and hands over its very text', async () => {
    const request = aRequest();
    const taken: Delivery[] = [];
    const status = await send(request, { secrets: SECRET }, async (delivery) => void taken.push(delivery));
    expect(status).toBe(200);
    expect(taken).toMatchObject([{ id: request.headers['webhook-id'], rawBody: request.body }]);
  });

  it('answers 500 when the program could not take it, so that it comes again', async () => {
    const errors: unknown[] = [];
    const failure = new Error('database is away');
    const status = await send(aRequest(), { secrets: SECRET, onError: (error) => errors.push(error) }, async () => {
      throw failure;
    });
    expect(status).toBe(500);
    expect(errors).toEqual([failure]);
  });

  it('answers 401 to what others signed, and hands nothing over', async () => {
    const taken: Delivery[] = [];
    const request = aRequest({ secret: OLDER_SECRET });
    const status = await send(request, { secrets: [SECRET] }, (delivery) => void taken.push(delivery));
    expect(status).toBe(401);
    expect(taken).toEqual([]);
  });

  it('asks for the secrets with each request, so that a rotation needs no restart', async () => {
    let valid = [SECRET];
    const options = { secrets: async () => valid };
    expect(await send(aRequest({ secret: OLDER_SECRET }), options, () => undefined)).toBe(401);
    valid = [SECRET, OLDER_SECRET];
    expect(await send(aRequest({ secret: OLDER_SECRET }), options, () => undefined)).toBe(200);
  });

  it('answers 413 to a body that is longer than allowed', async () => {
    const request = aRequest({ body: JSON.stringify('x'.repeat(200)) });
    expect(await send(request, { secrets: SECRET, maxBytes: 100 }, () => undefined)).toBe(413);
  });
});

describe('other methods than POST', () => {
  it('are answered 405', async () => {
    listener = createNodeHandler({ secrets: SECRET }, () => undefined);
    expect(await postOverHttp({ headers: {}, body: '' }, 'GET')).toEqual({ status: 405, allow: 'POST' });
    const answer = await createFetchHandler({ secrets: SECRET }, () => undefined)(new Request('http://x/'));
    expect(answer.status).toBe(405);
  });
});

describe('a body that a framework has parsed already', () => {
  const parsed = { method: 'POST', headers: aRequest().headers, body: { type: 'visit.ended' } };

  it('is told to be the reason, with what to do, in Express', async () => {
    const errors: unknown[] = [];
    const response = { statusCode: 0, setHeader: () => undefined, end: () => undefined };
    const options = { secrets: SECRET, onError: (error: unknown) => errors.push(error) };
    await createNodeHandler(options, () => undefined)({ ...parsed, async *[Symbol.asyncIterator]() {} }, response);
    expect(response.statusCode).toBe(500);
    expect(String(errors[0])).toContain('express.raw');
  });

  it('is told to be the reason, with what to do, in Fastify', async () => {
    const errors: unknown[] = [];
    const options = { secrets: SECRET, onError: (error: unknown) => errors.push(error) };
    const status = await withReply((reply) => createFastifyHandler(options, () => undefined)(parsed, reply));
    expect(status).toBe(500);
    expect(String(errors[0])).toContain('addContentTypeParser');
  });
});
