import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STAGE_DEFAULT } from '../../gateway/read-api.ts';
import { parseRoute } from '../../gateway/routes.ts';
import { Gateway } from '../../gateway/server.ts';
import { Throttle } from '../../gateway/throttle.ts';

describe('a throttle', () => {
  it('admits as many at once as the burst allows, then as many a second as the rate', () => {
    let now = 0;
    const throttle = new Throttle({ rate: 2, burst: 3 }, () => now);
    const admitted = (): number => Array.from({ length: 10 }, () => throttle.admit()).filter(Boolean).length;

    expect(admitted()).toBe(3);
    now += 499;
    expect(admitted()).toBe(0);
    now += 1;
    expect(admitted()).toBe(1);
    now += 3_600_000;
    expect(admitted()).toBe(3);
  });
});

describe('a gateway with limits', () => {
  let gateway: Gateway;
  let invoked = 0;

  beforeAll(async () => {
    gateway = await Gateway.listen(0);
    gateway.open({
      api: {
        apiId: 'api',
        basePath: '',
        routes: [parseRoute('GET /limited', { functionArn: 'arn:aws:lambda:x:y:function:f', timeoutMs: 30_000 })],
        // A rate so low that no second request passes while the test runs.
        throttles: new Map([[STAGE_DEFAULT, { rate: 1e-6, burst: 1 }]]),
      },
      accountId: '000000000000',
      invoke: async () => {
        invoked += 1;
        return { ok: true, payload: '{"statusCode":200,"body":"{}"}' };
      },
    });
  });
  afterAll(() => gateway.close());

  it('answers 429 beyond them, in the shape of API Gateway, without asking the function', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => fetch(`${gateway.url}/limited`)));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429, 429, 429, 429]);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(await refused.json()).toEqual({ message: 'Too Many Requests' });
    expect(invoked).toBe(1);
  });
});
