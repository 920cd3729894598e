import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from '../../domain/endpoint/address.ts';
import { classify, noNameServer, OutgoingError } from './failure.ts';
import type { Destination } from './destination.ts';
import { isUnheard, type Silence } from './silence.ts';

/** What a name server has said so far. */
export interface Found {
  addresses: string[];
  /** The other family's answer, while it is not there; never rejects. Undefined: both have answered. */
  later?: Promise<string[]>;
}

/** Resolves a name. @throws when neither family has an address. */
export type Lookup = (hostname: string) => Promise<string[] | Found>;

/** Finds the addresses of targets and says which may be contacted. */
export interface Addresses {
  /**
   * The addresses of a target, each one checked, without repetition, IPv4 and IPv6 in turn; `later`, where one family has
   * not answered yet, is checked in the same way.
   * Throws an OutgoingError of class `dns_error`, or `blocked_address` if a single one may not be contacted: a name
   * that mixes public and private addresses is an attack, not a mistake.
   */
  of(target: Destination): Promise<Found>;
  /** Whether a connection to this address may carry a request to this target. */
  isAllowed(address: string, target: Destination): boolean;
}

/** What differs in tests. */
export interface AddressesOptions {
  lookup?: Lookup;
  isAllowed?: (address: string) => boolean;
  /** @default nobody tells whose fault a silence is: the name's owner's */
  silence?: Silence | undefined;
}

// Loopback by its two literal addresses; whatever the machine's hosts file says of the name does not matter.
const LOOPBACK = ['127.0.0.1', '::1'];

/** Makes the guard between names and connections. */
export function createAddresses({
  silence,
  lookup = createLookup({ silence }),
  ...options
}: AddressesOptions): Addresses {
  const { isAllowed: alsoAllowed } = options;
  const isAllowed = (address: string, target: Destination): boolean =>
    target.local ? LOOPBACK.includes(address) : isPublicAddress(address) || alsoAllowed?.(address) === true;

  return {
    isAllowed,
    async of(target) {
      const { addresses, later } = await candidates(target, lookup);
      const checked = (found: string[]): string[] => {
        const denied = found.find((address) => !isAllowed(address, target));
        if (denied !== undefined) throw new OutgoingError('blocked_address', blockedReason(denied));
        return inTurn([...new Set(found)]);
      };
      if (addresses.length === 0) throw new OutgoingError('dns_error', 'the name has no address');
      const first = checked(addresses);
      const rest = later?.then((found) => checked(found).filter((address) => !first.includes(address)));
      // Whoever is connected by then asks for it no more.
      rest?.catch(() => undefined);
      return { addresses: first, later: rest };
    },
  };
}

async function candidates(target: Destination, lookup: Lookup): Promise<Found> {
  if (isIP(target.hostname) !== 0) return { addresses: [target.hostname] };
  if (target.local) return { addresses: LOOPBACK };
  try {
    const found = await lookup(target.hostname);
    return Array.isArray(found) ? { addresses: found } : found;
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
 * How long the first family's answer waits for the other's, milliseconds (RFC 8305 §3: the recommended resolution delay).
 * A name server that never answers AAAA, as some appliances do, must cost no more.
 */
const RESOLUTION_DELAY_MS = 50;

/**
 * A lost datagram is sent again after 700 ms, then after a second each: five tries inside 5 s. Without `maxTimeout` c-ares
 * doubles its waits, and three tries of 2 s took 12. The attempt's own deadline ends the wait earlier.
 */
const QUICK = { timeout: 700, tries: 5, maxTimeout: 1000 };

/**
 * c-ares forgets a question when it asks again, so an answer that needs longer than its wait is never heard, and it waits
 * a quarter of a second only where the server was fast before. So the second question, after 700 ms, is one of its own
 * with time to wait. It also makes those 700 ms exact: Node looks at c-ares's clock once in each such interval.
 */
const PATIENT = { timeout: 8000, tries: 1 };
const ASK_AGAIN_MS = 700;

/** Someone who asks name servers. */
type Asker = Pick<Resolver, 'resolve4' | 'resolve6' | 'cancel'>;

/** What differs in tests. */
export interface LookupOptions {
  /** Asks first, for all names. */
  quick?: Asker;
  /** Makes one that asks about one name when `quick` has no answer yet. */
  patient?: () => Asker;
  againMs?: number;
  silence?: Silence | undefined;
}

/**
 * Asks the name servers for A and AAAA. Not getaddrinfo: that holds one of the process's four worker threads while a
 * name server is silent, so four dead names would stop the deliveries of everyone; and it reads the hosts file.
 * An answer of one kind is enough, because only addresses that were handed out and checked are ever dialled; the other
 * kind's is used when it comes and is still needed.
 */
export function createLookup({
  quick = new Resolver(QUICK),
  patient = () => new Resolver(PATIENT),
  againMs = ASK_AGAIN_MS,
  silence,
}: LookupOptions = {}): (hostname: string) => Promise<Found> {
  const suspect = (): Promise<boolean> | undefined => silence?.suspect((name) => quick.resolve4(name));
  return async (hostname) => {
    let known = false;
    const families = (['resolve4', 'resolve6'] as const).map((family) =>
      firstOf(quick[family](hostname), againMs, () => {
        if (!known) void suspect();
        // Each has a socket of its own for seconds: not for the kind that can be done without.
        if (known) return undefined;
        const asker = patient();
        return { answer: asker[family](hostname), cancel: () => asker.cancel() };
      }),
    );
    for (const family of families) {
      family.then(silence?.heard, (error: unknown) => void (isUnheard(error) || silence?.heard()));
    }
    const both = Promise.allSettled(families);
    const first = await Promise.any(families).catch(() => undefined);
    known = true;
    if (first === undefined) {
      const reason = reasonOf(await both);
      throw isUnheard(reason) && (await suspect()) === false ? noNameServer() : reason;
    }
    const all = await within(RESOLUTION_DELAY_MS, both);
    if (all !== undefined) return { addresses: all.flatMap(answered) };
    return {
      addresses: first,
      later: both.then((answers) => answers.flatMap(answered).filter((address) => !first.includes(address))),
    };
  };
}

/**
 * Whichever question is answered first, be it that there is no such name. Silence alone leaves it to the other.
 * @param askAgain undefined where no further question is needed.
 */
function firstOf(
  first: Promise<string[]>,
  againMs: number,
  askAgain: () => { answer: Promise<string[]>; cancel(): void } | undefined,
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let again: ReturnType<typeof askAgain> | undefined;
    /** Questions that may still be answered. */
    let open = 2;
    let silence: Error | undefined;
    const timer = setTimeout(() => {
      again = askAgain();
      if (again) again.answer.then(succeed, fail);
      else if (--open === 0) reject(silence!);
    }, againMs);
    const stop = (): void => {
      clearTimeout(timer);
      again?.cancel();
    };
    const succeed = (addresses: string[]): void => {
      stop();
      resolve(addresses);
    };
    const fail = (error: Error): void => {
      silence = error;
      if (codeOf(error) === 'ETIMEOUT' && --open > 0) return;
      stop();
      reject(error);
    };
    first.then(succeed, fail);
  });
}

/** Of two failures the one that says more: that there is no address of one kind tells nothing about the name. */
function reasonOf(answers: PromiseSettledResult<string[]>[]): unknown {
  const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
  return reasons.find((reason) => codeOf(reason) !== 'ENODATA') ?? reasons[0];
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;

const answered = (answer: PromiseSettledResult<string[]>): string[] =>
  answer.status === 'fulfilled' ? answer.value : [];

/** What a promise comes to, if it does so in time. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, ms, undefined)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
