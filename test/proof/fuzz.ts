import { strict as assert } from 'node:assert';
import type { Proof } from '../../scripts/proof.ts';
import { operationsOf } from '../support/open-api.ts';
import { startTenants } from '../support/tenants.ts';
import { JSON_CASES } from './corpora/json-cases.ts';
import { NAUGHTY } from './corpora/naughty.ts';
import { directly, type Send } from './fuzz/client.ts';
import { fuzz, judgeCorpora, type FuzzReport } from './fuzz/fuzz.ts';
import { inputs } from './fuzz/inputs.ts';

/** What can be fuzzed: the handlers in this process, with keys for every kind of caller. */
export interface Target {
  send: Send;
  arbitrary: ReturnType<typeof inputs>;
  producer: string;
  close(): Promise<void>;
}

export async function startTarget(): Promise<Target> {
  const tenants = await startTenants();
  const keys = {
    admin: await tenants.key(['admin']),
    producer: await tenants.key(['events:write']),
    organization: await tenants.key(['organization'], 'org_1'),
  };
  return {
    send: await directly(),
    arbitrary: inputs(await operationsOf(tenants), keys),
    producer: keys.producer,
    close: () => tenants.close(),
  };
}

/** @throws what does not hold. */
export function assertFuzz({ violations, statuses }: FuzzReport): void {
  assert.deepEqual(violations.slice(0, 10), []);
  assert.ok((statuses['202'] ?? 0) > 0, 'nothing was accepted: the inputs prove nothing');
}

/** `npm run proof -- fuzz [--count <inputs>]`. */
export const proof: Proof = {
  promise:
    'Nothing that a client sends causes a 5xx, a hang or an unhandled rejection; corpora have the verdicts stated.',
  async run({ seed, count = 1_000_000 }) {
    const target = await startTarget();
    try {
      assert.deepEqual(await judgeCorpora(target.send, target.producer), []);
      const report = await fuzz(target.send, target.arbitrary, { seed, count });
      assertFuzz(report);
      const { statuses, violations, ...numbers } = report;
      return {
        ...numbers,
        violations: violations.length,
        statuses: JSON.stringify(statuses),
        corpora: `${JSON_CASES.length} JSON files, ${NAUGHTY.length} naughty strings: as stated`,
      };
    } finally {
      await target.close();
    }
  },
};
