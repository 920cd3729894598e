import { describe, expect, it } from 'vitest';
import { sourceIpRoutes } from '../../lambdas/api/keys/source-ips.ts';

async function answer(sourceIps: readonly string[]): Promise<unknown> {
  const [route] = sourceIpRoutes({ sourceIps });
  return (await route!.handle({} as never)).body;
}

describe('the addresses that deliveries come from', () => {
  it('are told where they are fixed', async () => {
    expect(await answer(['203.0.113.7', '203.0.113.8'])).toEqual({
      fixed: true,
      addresses: ['203.0.113.7', '203.0.113.8'],
    });
  });

  it('are said to be none of ours where they are not', async () => {
    expect(await answer([])).toEqual({ fixed: false, addresses: [] });
  });
});
