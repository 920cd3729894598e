import { describe, expect, it } from 'vitest';
import { createLookup } from '../../../lambdas/sender/outgoing/addresses.ts';

// Both record types of a name. Doubled: the name server.

const refuse = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error(code), { code });
};

async function lookupWith(resolve4: () => Promise<string[]>, resolve6: () => Promise<string[]>): Promise<string[]> {
  const lookup = createLookup({ resolve4, resolve6 } as unknown as Parameters<typeof createLookup>[0]);
  return (await lookup('hooks.example.com')).addresses;
}

describe('createLookup', () => {
  it('gives the addresses of both kinds', async () => {
    expect(
      await lookupWith(
        async () => ['192.0.2.1'],
        async () => ['2001:db8::1'],
      ),
    ).toEqual(['192.0.2.1', '2001:db8::1']);
  });

  it.each([
    ['IPv4', async () => ['192.0.2.1'], refuse('ENODATA'), ['192.0.2.1']],
    ['IPv6', refuse('ENODATA'), async () => ['2001:db8::1'], ['2001:db8::1']],
  ])('is content with %s alone', async (_kind, four, six, addresses) => {
    expect(await lookupWith(four, six)).toEqual(addresses);
  });

  it('fails when both kinds fail', async () => {
    await expect(lookupWith(refuse('ENOTFOUND'), refuse('ENOTFOUND'))).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});
