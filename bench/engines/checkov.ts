import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Proof } from '../proof/proof.ts';
import { synthesize } from '../../test/support/stacks.ts';
import { checkov, leftOut, run, VERSIONS } from './tools.ts';

const LONGEST_MS = 300_000;

/** Findings under the default settings that stay, each with its reason; docs/proof.md has them as a table. */
export const EXPLAINED: Record<string, string> = {
  CKV_AWS_115:
    'reserved concurrency: throttled invocations use up receives of deliveries; the sources have a `maxConcurrency` instead, the api a reserve',
  CKV_AWS_116:
    'dead letters of a function: for asynchronous invocations only; what matters comes from queues and streams that have theirs',
  CKV_AWS_117: 'functions in a VPC: customers choose the URLs, which would be a way into it',
  CKV_AWS_119:
    'tables under a key of the customer’s: under the account’s own key for DynamoDB; `encryption` = `own` makes one',
  CKV_AWS_173: 'variables of functions under a key of the customer’s: they hold names and URLs, no secret',
  CKV_AWS_27:
    'queues not encrypted: wrong, they are, by keys that SQS owns, which the rule does not know; `encryption` = `own` makes one for those with payloads',
};

/** Findings that must go when the operator wants keys of their own. */
const GONE_WITH_OWN_KEYS = 'CKV_AWS_119';

interface Report {
  summary: { passed: number };
  results: { failed_checks: { check_id: string; resource: string }[] };
}

/** What checkov finds in the templates under these settings. @throws LeftOut */
async function findings(settings: Record<string, string>): Promise<Report> {
  const folder = await checkov();
  const work = mkdtempSync(join(tmpdir(), 'posthorn-checkov-'));
  try {
    for (const [stack, template] of Object.entries(synthesize(settings)))
      writeFileSync(join(work, `${stack}.template.json`), JSON.stringify(template.toJSON()));
    // Exit code 0 with findings, too: they are judged here. Nothing is looked up outside.
    const quiet = ['--output', 'json', '--compact', '--quiet', '--soft-fail', '--skip-download'];
    const text = await run(join(folder, 'bin/checkov'), ['-d', work, '--framework', 'cloudformation', ...quiet], {
      timeout: LONGEST_MS,
    });
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as Report;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const idsOf = ({ results }: Report): string[] => [...new Set(results.failed_checks.map((one) => one.check_id))].sort();

export const proof: Proof = {
  promise: 'What checkov finds in the templates is explained, each finding.',
  async run() {
    try {
      const found = await findings({});
      const ids = idsOf(found);
      const unexplained = found.results.failed_checks.filter(({ check_id: id }) => !Object.hasOwn(EXPLAINED, id));
      if (unexplained.length > 0)
        throw new Error(`Expected each finding explained, found ${JSON.stringify(unexplained)}`);
      const over = Object.keys(EXPLAINED).filter((id) => !ids.includes(id));
      if (over.length > 0) throw new Error(`Explained, but found no more: ${over.join(', ')}. Take them out.`);
      const own = idsOf(await findings({ POSTHORN_ENCRYPTION: 'own' }));
      const still = own.filter((id) => id === GONE_WITH_OWN_KEYS || !Object.hasOwn(EXPLAINED, id));
      if (still.length > 0) throw new Error(`With keys of one's own, found ${still.join(', ')}.`);
      return {
        [`checkov ${VERSIONS.checkov}`]: `${found.summary.passed} passed, ${found.results.failed_checks.length} findings of ${ids.length} rules explained`,
      };
    } catch (error) {
      return { [`checkov ${VERSIONS.checkov}`]: leftOut(error) };
    }
  },
};
