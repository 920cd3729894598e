import type { Resolver } from 'node:dns/promises';
import { describe, expect, it } from 'vitest';
import { createLookup } from '../../../lambdas/sender/outgoing/addresses.ts';

// Both record types of a name. Doubled: the name server.

const refuse = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error(code), { code });
};

async function lookupWith(resolve4: () => Promise<string[]>, resolve6: () => Promise<string[]>): Promise<string[]> {
  const asker = { resolve4, resolve6, cancel: () => undefined } as unknown as Resolver;
  const lookup = createLookup({ quick: asker, patient: () => asker, againMs: 0 });
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

  it.each([
    ['ENODATA', 'ETIMEOUT', 'ETIMEOUT'],
    ['ESERVFAIL', 'ENODATA', 'ESERVFAIL'],
    ['ENODATA', 'ENODATA', 'ENODATA'],
    ['ENOTFOUND', 'ESERVFAIL', 'ENOTFOUND'],
  ])('gives the reason that says more when IPv4 fails by %s and IPv6 by %s', async (four, six, code) => {
    await expect(lookupWith(refuse(four), refuse(six))).rejects.toMatchObject({ code });
  });

  it('asks no second time, on a socket for each name, about the kind that it can do without', async () => {
    let asked = 0;
    const quick = { resolve4: async () => ['192.0.2.1'], resolve6: refuse('ETIMEOUT'), cancel: () => undefined };
    const patient = (): Resolver => {
      asked++;
      return quick as unknown as Resolver;
    };
    const lookup = createLookup({ quick: quick as unknown as Resolver, patient, againMs: 0 });

    expect((await lookup('hooks.example.com')).addresses).toEqual(['192.0.2.1']);
    expect(asked).toBe(0);
  });

  it('fails when both kinds fail', async () => {
    await expect(lookupWith(refuse('ENOTFOUND'), refuse('ENOTFOUND'))).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});
