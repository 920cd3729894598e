import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpContext, HttpEvent } from '../../lambdas/runtime/http/event.ts';
import { buildRequest, generatorOf, inputCases, type InputContext } from '../support/api-inputs.ts';
import { startTenants, type Tenants } from '../support/tenants.ts';

// Cases of the corpus that call the api function past API Gateway, with events that leave things out.

let tenants: Tenants;
let context: InputContext;
beforeAll(async () => {
  tenants = await startTenants();
  context = {
    target: 'management',
    event: [],
    subscription: [
      ['organization', '"org_1"'],
      ['url', '"https://hooks.example.com/"'],
    ],
    words: { KEY: await tenants.key(['admin']) },
  };
});
afterAll(() => tenants.close());

const cases = inputCases('management').filter((one) => generatorOf(one).invoke !== undefined);

describe('the api function called directly', () => {
  it.each(cases.map((one) => [one.id, one.why, one] as const))('%s: %s', async (_id, _why, one) => {
    const { handler } = await import('../../lambdas/api/handler.ts');
    const http = { method: 'POST', path: '/v1/subscriptions' };
    const headers = { authorization: `Bearer ${context.words.KEY!}`, 'content-type': 'application/json' };
    const invoke = buildRequest(one, context).invoke!;
    const usual = {
      version: '2.0',
      rawPath: http.path,
      headers,
      requestContext: { requestId: 'request-1', http },
    };
    const event = Object.keys(invoke).length === 0 ? {} : { ...usual, ...invoke };

    const answer = (await handler(event, { awsRequestId: 'request-1' } as Context as HttpContext)) as HttpAnswer;

    expect(one.expect_status).toContain(answer.statusCode);
  });
});
