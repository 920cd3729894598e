import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from '../../domain/endpoint/address.ts';
import { classify, OutgoingError } from './failure.ts';
import type { Target } from './target.ts';

/** Finds the addresses of targets and says which may be contacted. */
export interface Addresses {
  /**
   * All addresses of a target, each one checked, without repetition, IPv4 and IPv6 in turn.
   * Throws an OutgoingError of class `dns_error`, or `blocked_address` if a single one may not be contacted: a name
   * that mixes public and private addresses is an attack, not a mistake.
   */
  of(target: Target): Promise<string[]>;
  /** Whether a connection to this address may carry a request to this target. */
  isAllowed(address: string, target: Target): boolean;
}

/** What differs in tests. */
export interface AddressesOptions {
  lookup?: (hostname: string) => Promise<string[]>;
  isAllowed?: (address: string) => boolean;
}

// Loopback by its two literal addresses; whatever the machine's hosts file says of the name does not matter.
const LOOPBACK = ['127.0.0.1', '::1'];

/** Makes the guard between names and connections. */
export function createAddresses({ lookup = createLookup(), isAllowed: alsoAllowed }: AddressesOptions): Addresses {
  const isAllowed = (address: string, target: Target): boolean =>
    target.local ? LOOPBACK.includes(address) : isPublicAddress(address) || alsoAllowed?.(address) === true;

  return {
    isAllowed,
    async of(target) {
      const found = await candidates(target, lookup);
      if (found.length === 0) throw new OutgoingError('dns_error', 'the name has no address');
      const denied = found.find((address) => !isAllowed(address, target));
      if (denied !== undefined) throw new OutgoingError('blocked_address', blockedReason(denied));
      return inTurn([...new Set(found)]);
    },
  };
}

async function candidates(target: Target, lookup: (hostname: string) => Promise<string[]>): Promise<string[]> {
  if (isIP(target.hostname) !== 0) return [target.hostname];
  if (target.local) return LOOPBACK;
  try {
    return await lookup(target.hostname);
  } catch (error) {
    throw classify(error, 'dns');
  }
}

function blockedReason(address: string): string {
  return isIP(address) === 0
    ? 'blocked address: the name server handed out a text that is no address'
    : `blocked address: ${address} is not public`;
}

/** Without this, a name with many IPv6 addresses would never be reached from a network that has IPv4 only, as Lambda's. */
function inTurn(addresses: string[]): string[] {
  const four = addresses.filter((address) => isIP(address) === 4);
  const six = addresses.filter((address) => isIP(address) === 6);
  return Array.from({ length: Math.max(four.length, six.length) }, (_, i) => [four[i], six[i]])
    .flat()
    .filter((address) => address !== undefined);
}

/**
 * Asks the name servers for A and AAAA. Not getaddrinfo: that holds one of the process's four worker threads while a
 * name server is silent, so four dead names would stop the deliveries of everyone; and it reads the hosts file.
 * An answer of one kind is enough, because only addresses that were handed out and checked are ever dialled.
 */
export function createLookup(
  // 3 tries inside 6 s; the attempt's own deadline ends the wait earlier.
  resolver: Pick<Resolver, 'resolve4' | 'resolve6'> = new Resolver({ timeout: 2000, tries: 3 }),
): (hostname: string) => Promise<string[]> {
  return async (hostname) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
    return [four, six].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  };
}
