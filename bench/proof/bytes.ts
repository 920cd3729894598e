import { strict as assert } from 'node:assert';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { verify as verifyWithKit } from '../../receiver/src/index.ts';
import { publishBatch } from '../support/publish.ts';
import type { Proof } from './proof.ts';
import { generatorOf, inputCases, sentData, type InputContext } from '../../test/support/api-inputs.ts';
import { startPosthorn, type Posthorn } from '../../test/support/posthorn.ts';
import { startReceiver, type ReceivedRequest, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { JSON_CASES } from './corpora/json-cases.ts';
import { NAUGHTY } from './corpora/naughty.ts';

const ORGANIZATION = 'bytes';
const IN_A_BATCH = 20;
const PATIENCE_MS = 120_000;

/** Text of the member `data`, exactly as it is posted. */
export interface Sample {
  text: string;
  /** The corpus leaves open whether it is accepted. */
  open?: true;
}

/** What the corpora hold that is accepted, or may be. */
export function samples(): Sample[] {
  const json = JSON_CASES.filter(({ verdict }) => verdict === 'accepted').map(
    ({ bytes }) => `{"v":${bytes.toString()}}`,
  );
  const naughty = NAUGHTY.flatMap((text) => [
    `{ "s" : ${JSON.stringify(text)} }`,
    // As a member's name, the empty one included.
    `{${JSON.stringify(text)}:1.10}`,
  ]);
  const context: InputContext = { target: 'ingest', event: [['data', '{"a":1}']], subscription: [], words: {} };
  const cases = inputCases('ingest').flatMap((one): Sample[] => {
    const { total_bytes } = generatorOf(one);
    const text = sentData(one, context);
    if (!one.expect_status.includes(202) || total_bytes !== undefined || text === undefined) return [];
    return [one.expect_status.some((status) => status >= 400) ? { text, open: true } : { text }];
  });
  return [...[...json, ...naughty].map((text) => ({ text })), ...cases];
}

export interface BytesReport {
  accepted: number;
  /** Of those that may be refused. */
  refused: number;
  delivered: number;
  identical: number;
  verified: number;
  violations: string[];
}

/** Publishes every sample as the `data` of an event, waits for all, and looks at what arrived. */
export async function bytes(posthorn: Posthorn, receiver: Receiver, samples: readonly Sample[]): Promise<BytesReport> {
  const path = `/${ORGANIZATION}`;
  const { secret } = await posthorn.subscribe({ organization: ORGANIZATION, url: receiver.url(path) });
  const report: BytesReport = { accepted: 0, refused: 0, delivered: 0, identical: 0, verified: 0, violations: [] };
  const expected = new Map<string, string>();
  for (let at = 0; at < samples.length; at += IN_A_BATCH) {
    const part = samples.slice(at, at + IN_A_BATCH);
    const ids = await publish(
      posthorn,
      part.map(({ text }) => text),
    );
    for (const [n, { text, open }] of part.entries()) {
      const id = ids[n];
      if (id !== undefined) expected.set(id, text);
      else if (open) report.refused += 1;
      else report.violations.push(`refused: ${text.slice(0, 200)}`);
    }
  }
  report.accepted = expected.size;
  const idOf = (request: ReceivedRequest): string => String(request.headers['webhook-id']);
  const arrived = (): Set<string> => new Set(receiver.requests(path).map(idOf));
  await waitFor('all deliveries', () => arrived().size >= expected.size, PATIENCE_MS).catch(() => undefined);
  report.delivered = arrived().size;
  for (const request of receiver.requests(path)) {
    const id = idOf(request);
    const text = expected.get(id);
    if (text !== undefined && request.body.endsWith(`,"data":${text}}`)) report.identical += 1;
    else report.violations.push(`other bytes: ${text?.slice(0, 200)} became ${request.body.slice(-200)}`);
    const problem = verifiersProblem(request, secret);
    if (problem === undefined) report.verified += 1;
    else report.violations.push(`${id}: ${problem}`);
  }
  return report;
}

/** Texts go into the body as they are. @returns the id of each, undefined for one that was refused. */
async function publish(posthorn: Posthorn, texts: readonly string[]): Promise<(string | undefined)[]> {
  const events = texts.map((text) => `{"organization":"${ORGANIZATION}","type":"visit.ended","data":${text}}`);
  const answers = await publishBatch(posthorn, `{"events":[${events.join(',')}]}`);
  return answers.map(({ id }) => id);
}

/** Three verifiers, each of another hand. */
function verifiersProblem({ body, headers }: ReceivedRequest, secret: string): string | undefined {
  const all = headers as Record<string, string>;
  const verifiers = {
    standardwebhooks: () => new StandardWebhook(secret).verify(body, all),
    svix: () => new SvixWebhook(secret).verify(body, all),
    'receiver kit': () => verifyWithKit(body, all, secret),
  };
  for (const [name, verify] of Object.entries(verifiers)) {
    try {
      verify();
    } catch (error) {
      return `${name}: ${String(error)}`;
    }
  }
  return undefined;
}

/** @throws what does not hold. */
export function assertBytes({ violations, accepted, delivered, identical, verified }: BytesReport): void {
  assert.deepEqual(violations.slice(0, 10), []);
  assert.ok(accepted > 0, 'nothing was accepted');
  assert.equal(delivered, accepted, 'delivered');
  assert.ok(identical >= accepted && verified >= accepted, 'not every delivery was looked at');
}

/** `npm run proof -- bytes`. */
export const proof: Proof = {
  onPlatform: true,
  promise:
    "Every accepted input of the corpora reaches the receiver with `data` byte for byte, under three verifiers' eyes.",
  async run() {
    const receiver = await startReceiver();
    try {
      const posthorn = await startPosthorn();
      try {
        const report = await bytes(posthorn, receiver, samples());
        assertBytes(report);
        return { ...report, violations: 0 };
      } finally {
        await posthorn.close();
      }
    } finally {
      await receiver.close();
    }
  },
};
