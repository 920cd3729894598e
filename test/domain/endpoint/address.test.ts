import { BlockList, isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../lambdas/domain/endpoint/address.ts';
import corpus from '../../corpus/addresses.json' with { type: 'json' };

describe('isPublicAddress', () => {
  it.each(corpus.deny)('denies $address ($id: $why)', ({ address }) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(corpus.allow)('allows $address ($id: $why)', ({ address }) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it('judges a mapped IPv4 address by the IPv4 address in it', () => {
    expect(isPublicAddress('::ffff:8.8.8.8')).toBe(true);
    expect(isPublicAddress('::ffff:192.168.1.1')).toBe(false);
  });

  it.each(['::ffff:08.8.8.8', '2606:4700:4700:::1111', '1:2:3:4:5:6:7:8:9', '2606:4700:4700::1111/64', '8.8.8.8/32'])(
    'denies %s, which is no address',
    (text) => {
      expect(isPublicAddress(text)).toBe(false);
    },
  );

  it('agrees with an independent implementation on random addresses', () => {
    const independent = createIndependentJudge();
    const random = createRandom(20_260_131);
    // `ADDRESS_SAMPLES=1000000` for the long run.
    const samples = Number(process.env['ADDRESS_SAMPLES'] ?? 100_000);
    const disagreements: string[] = [];

    for (let n = 0; n < samples; n++) {
      const address = n % 2 === 0 ? randomIpv4(random) : randomIpv6(random);
      if (isPublicAddress(address) !== independent(address)) disagreements.push(address);
    }

    expect(disagreements).toEqual([]);
  });
});

/** Node's own BlockList over the registries, written down a second time and not shared with the code under test. */
function createIndependentJudge(): (address: string) => boolean {
  const denied4 = new BlockList();
  for (const [network, prefix] of [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.31.196.0', 24],
    ['192.52.193.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['192.175.48.0', 24],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
    ['168.63.129.16', 32],
  ] as const)
    denied4.addSubnet(network, prefix, 'ipv4');
  const global6 = new BlockList();
  global6.addSubnet('2000::', 3, 'ipv6');
  const denied6 = new BlockList();
  for (const [network, prefix] of [
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['2620:4f:8000::', 48],
    ['3fff::', 20],
  ] as const)
    denied6.addSubnet(network, prefix, 'ipv6');
  return (address) => {
    if (isIP(address) === 4) return !denied4.check(address, 'ipv4');
    const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
    if (mapped) {
      const [high, low] = [parseInt(mapped[1]!, 16), parseInt(mapped[2]!, 16)];
      return !denied4.check([high >> 8, high & 255, low >> 8, low & 255].join('.'), 'ipv4');
    }
    return global6.check(address, 'ipv6') && !denied6.check(address, 'ipv6');
  };
}

/** Numbers below 2^32, the same in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** Half of them near the edges of blocks, where mistakes are. */
function randomIpv4(random: () => number): string {
  const near = [
    '0',
    '10',
    '100.64',
    '127',
    '169.254',
    '172.16',
    '172.31',
    '192.0',
    '192.168',
    '198.18',
    '203.0',
    '168.63',
  ];
  const bytes = [random(), random(), random(), random()].map((number) => String(number & 255));
  const start = random() % 2 === 0 ? near[random() % near.length]!.split('.') : [];
  return [...start, ...bytes.slice(start.length)].join('.');
}

function randomIpv6(random: () => number): string {
  const near = [
    '::ffff',
    '2000',
    '2001:1ff',
    '2001:200',
    '2001:db8',
    '2001:db9',
    '2002',
    '2620:4f:8000',
    '3fff:fff',
    '3fff:1000',
    '1fff',
    '4000',
    '64:ff9b',
    'fe80',
  ];
  const group = (): string => (random() & 0xffff).toString(16);
  const start = near[random() % near.length]!;
  if (start === '::ffff') return `::ffff:${group()}:${group()}`;
  const groups = random() % 4 === 0 ? [] : start.split(':');
  while (groups.length < 8) groups.push(group());
  return groups.join(':');
}
