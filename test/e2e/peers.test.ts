import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PRODUCTS } from '../../bench/peers/products.ts';
import { startReceiver } from '../../bench/peers/receiver.ts';
import { SCENARIOS } from '../../bench/peers/scenarios.ts';
import { watchProcesses } from '../../bench/peers/usage.ts';
import { connect } from '../support/posthorn.ts';

// `npm run bench -- peers` against the running platform, and the calls that it makes of the other products.

interface Call {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

let server: Server;
let url: string;
let calls: Call[] = [];
let status = 202;

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      calls.push({ method: request.method!, path: request.url!, body: JSON.parse(text) as Call['body'] });
      response.writeHead(status).end('{"id":"app_1"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('the comparison with other products', () => {
  it('counts every delivery of a burst through Posthorn, and what it took', async () => {
    const { apiUrl, outputs } = connect(inject('outputs'));
    const receiver = await startReceiver();
    const watch = watchProcesses({ server: 'lambda/host-process' });
    const product = PRODUCTS.posthorn!({ url: apiUrl, key: outputs.local!.AdminApiKey! });
    const [tenant] = SCENARIOS.ten!.tenants('peer');
    await product.prepare([{ name: tenant!.name, urls: tenant!.paths.map((path) => receiver.url(path)) }]);

    const setting = {
      peer: 'peer',
      product,
      receiver,
      watch,
      kill: () => 0,
      events: 50,
      seconds: 1,
      perSecond: 50,
      patience: 60,
    };
    const figures = await SCENARIOS.ten!.run(setting);

    watch.close();
    receiver.close();
    expect(figures).toMatchObject({ lost: 0, 'CPU ms a delivery, server': expect.any(Number) as number });
    expect(figures['deliveries/s']).toBeGreaterThan(0);
    expect(figures['MiB, server']).toBeGreaterThan(0);
  });

  it.each([
    ['svix', ['POST /api/v1/app/', 'POST /api/v1/app/app_1/endpoint/', 'POST /api/v1/app/app_1/msg/']],
    ['outpost', ['PUT /api/v1/tenants/t', 'POST /api/v1/tenants/t/destinations', 'POST /api/v1/publish']],
  ])('speaks to %s as its own documents say, and sends it the same event', async (name, paths) => {
    calls = [];
    status = 202;
    const product = PRODUCTS[name]!({ url, key: 'key' });
    await product.prepare([{ name: 't', urls: ['http://127.0.0.1:1/a'] }]);

    expect(await product.publish('t', 7)).toBe(202);

    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(paths);
    expect(JSON.stringify(calls[1]!.body)).toContain('http://127.0.0.1:1/a');
    expect(JSON.stringify(calls[2]!.body)).toContain('"vis_7_"');
  });

  it('takes what Svix knows already for accepted', async () => {
    status = 409;

    expect(await PRODUCTS.svix!({ url, key: 'key' }).publish('t', 7)).toBe(202);
  });
});
