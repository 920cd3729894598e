import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpAnswer, HttpContext, HttpEvent } from '../../lambdas/runtime/http/event.ts';
import { buildRequest, generatorOf, inputCases, type InputContext } from '../support/api-inputs.ts';
import { toGatewayEvent } from '../support/gateway-event.ts';
import { startTenants, type Tenants } from '../support/tenants.ts';

// Calls of the function past API Gateway: parts of the event missing, null or broken. The corpus' cases, and some more.

let tenants: Tenants;
let context: InputContext;
let invoke: (event: unknown) => Promise<HttpAnswer>;

beforeAll(async () => {
  tenants = await startTenants();
  const { handler } = await import('../../lambdas/api/handler.ts');
  invoke = async (event) =>
    (await handler(event as HttpEvent, { awsRequestId: 'r' } as Context as HttpContext)) as HttpAnswer;
  context = {
    target: 'management',
    event: [],
    subscription: [['url', '"https://hooks.example.com/direct"']],
    words: { KEY: await tenants.key(['organization'], 'org_1'), SUBSCRIPTIONS: '/v1/subscriptions' },
  };
});
afterAll(() => tenants.close());

/** A whole event of API Gateway. */
const whole = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  version: '2.0',
  routeKey: 'ANY /v1/{proxy+}',
  rawPath: '/v1/subscriptions',
  headers: { authorization: `Bearer ${context.words.KEY}`, 'content-type': 'application/json' },
  requestContext: { requestId: 'r', http: { method: 'POST', path: '/v1/subscriptions' } },
  isBase64Encoded: false,
  ...change,
});

function expectProblem(answer: HttpAnswer): void {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(answer.body)).toMatchObject({ status: answer.statusCode });
  expect(answer.body).not.toMatch(/\bat \S+ \(|node:internal|\.ts:\d+/);
}

const cases = inputCases('management').filter((one) => generatorOf(one).invoke);

describe('a direct call of the api function', () => {
  it.each(cases.map((one) => [one.id, one.why, one] as const))('%s: %s', async (_id, _why, one) => {
    const request = buildRequest(one, context);
    const isEmpty = Object.keys(request.invoke ?? {}).length === 0;

    const answer = await invoke(isEmpty ? {} : whole({ ...toGatewayEvent(request, 'ANY /v1/{proxy+}', 'text') }));

    expect(one.expect_status).toContain(answer.statusCode);
    if (answer.statusCode >= 400) expectProblem(answer);
  });

  it.each<[string, () => unknown]>([
    ['no version', () => whole({ version: undefined })],
    ['another version', () => whole({ version: '9.9' })],
    ['no method', () => whole({ requestContext: { http: { path: '/v1/subscriptions' } } })],
    ['no path', () => whole({ requestContext: { http: { method: 'POST' } } })],
    [
      'an unknown method',
      () => whole({ requestContext: { http: { method: '__proto__', path: '/v1/subscriptions' } } }),
    ],
    [
      'a path that is a member of every object',
      () => whole({ requestContext: { http: { method: 'GET', path: 'constructor' } } }),
    ],
    ['null', () => null],
    ['a text', () => 'event'],
  ])('with %s is answered by a 4xx', async (_what, event) => {
    const answer = await invoke(event());
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expectProblem(answer);
  });
});
