import { DEFAULTS } from '../../lib/settings.ts';
import prices from '../prices.json' with { type: 'json' };
import { printTable } from '../support/report.ts';

// What one key of an organization can cost in a day, whatever it asks for and as often as its quotas allow, beyond what its own
// traffic explains: its requests (gateway, a run of the api function, a log line) and the events of its producers.

/** What one request, or one delivery that it asks for, sets in motion. Units of 1 KB (write) and 4 KB (read), consistent. */
interface Deed {
  name: string;
  /** How many a day. */
  most: number;
  writes?: number;
  reads?: number;
  /** Kilobytes stored, and for how many months. */
  stored?: { kilobytes: number; months: number }[];
  sqs?: number;
  /** Gigabyte-seconds of other functions. */
  gigabyteSeconds?: number;
}

const { requestsPerKeyADay, repeatsPerOrganizationADay, attemptRetentionDays, auditRetentionDays } = DEFAULTS;
const MONTH_DAYS = 30.4;
/** An audit record with its names: seven attributes and the key. */
const AUDIT = { kilobytes: 0.5, months: auditRetentionDays / MONTH_DAYS };
/** The largest row of a subscription, DESIGN §25. */
const ROW = 16;
/** The largest line of a failed attempt: 16 KiB of an answer. It lies in the table and in the index `failures`. */
const LINE = 17;
const TRIES = 4;
/** Kilobytes that one page of a filtered list reads at most, eventually consistent: half a unit for 4 KB. */
const LIST_READS = 5 * 1024;
/** The guard looks at each change of a row: 512 MB for some 20 ms. */
const GUARD = 0.01;
/** Senders for a delivery that times out after 30 s, in a batch of ten, four times. */
const SENDER = (TRIES * 30 * 0.25) / 10;

const DEEDS: Deed[] = [
  { name: 'reads lists with a rare filter', most: requestsPerKeyADay, reads: LIST_READS / 8 },
  {
    name: 'tries filters on large events',
    most: requestsPerKeyADay,
    reads: LIST_READS / 8,
    // Two for each of 20 events, once an hour and function, which remembers them: 18 functions make one a request.
    writes: 1,
  },
  // A page of 1 MB, strongly consistent, with the row and the secrets.
  { name: 'reads a feed that it never acknowledges', most: requestsPerKeyADay, reads: 1024 / 4 + 2 },
  { name: 'looks at a secret', most: requestsPerKeyADay, writes: 1, reads: 1, stored: [AUDIT] },
  { name: 'rotates a secret', most: requestsPerKeyADay, writes: 3, reads: 2, stored: [AUDIT] },
  {
    name: 'changes the largest row',
    most: requestsPerKeyADay,
    // The row, its record, and the claim by which the guard believes it.
    writes: ROW + 2,
    reads: ROW / 4 + 2,
    stored: [AUDIT],
    gigabyteSeconds: GUARD,
  },
  {
    name: 'makes and deletes the largest row',
    most: requestsPerKeyADay,
    writes: ROW + 3,
    reads: 4,
    stored: [AUDIT],
    gigabyteSeconds: GUARD,
  },
  {
    name: 'has deliveries sent again that hang, with the largest answers',
    most: repeatsPerOrganizationADay,
    writes: TRIES * LINE * 2 + 2,
    reads: 10,
    stored: [{ kilobytes: TRIES * LINE * 2, months: attemptRetentionDays / MONTH_DAYS }],
    sqs: 6,
    gigabyteSeconds: SENDER,
  },
];

/** Dollars a day of a deed. */
function costOf({ most, writes = 0, reads = 0, stored = [], sqs = 0, gigabyteSeconds = 0 }: Deed): number {
  const { perMillion, lambdaGbSecond, dynamoDbGbMonth } = prices;
  const requests =
    (writes * perMillion.dynamoDbWriteUnits + reads * perMillion.dynamoDbReadUnits + sqs * perMillion.sqsRequests) /
    1e6;
  const kept = stored.reduce((sum, { kilobytes, months }) => sum + (kilobytes / 2 ** 20) * months * dynamoDbGbMonth, 0);
  return most * (requests + kept + gigabyteSeconds * lambdaGbSecond);
}

/** Dollars that one key may cost in a day, at most. */
export const MOST_DOLLARS = 5;

/** Each deed done all day. */
function days(): { deed: Deed; dollars: number }[] {
  return DEEDS.map((deed) => ({ deed, dollars: costOf(deed) }));
}

/**
 * Dollars of the dearest day: the dearest request as often as one key may make requests, and beside it, because a handful of
 * requests ask for them, all deliveries that may be sent again.
 */
export function dearestDay(): number {
  const most = (isRepeat: boolean): number =>
    Math.max(...days().flatMap(({ deed, dollars }) => ((deed.sqs ?? 0) > 0 === isRepeat ? [dollars] : [])));
  return most(false) + most(true);
}

export function printOneKey(): void {
  const rows = days()
    .toSorted((a, b) => b.dollars - a.dollars)
    .map(({ deed: { name, most }, dollars }) => [name, String(most), dollars.toFixed(2)]);
  rows.push(['the dearest request and all of those deliveries', '', dearestDay().toFixed(2)]);
  printTable(['one key of an organization, all day, beyond its own requests', 'times a day', '$ a day'], rows);
}
