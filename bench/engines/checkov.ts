import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Proof } from '../proof/proof.ts';
import { synthesizeStacks } from '../../test/support/stacks.ts';
import { LINTED } from './settings.ts';
import { checkov, leftOut, run, VERSIONS } from './tools.ts';

const LONGEST_MS = 300_000;

/** Findings that stay, each with its reason; docs/proof.md has them as a table. */
export const EXPLAINED: Record<string, string> = {
  CKV_AWS_111:
    'writes without a resource, of the sender in a network of its own (`egressZones`): Lambda’s calls for network interfaces, for which IAM knows none',
  CKV_AWS_115:
    'reserved concurrency: throttled invocations use up receives of deliveries; the sources have a `maxConcurrency` instead, the api a reserve',
  CKV_AWS_116:
    'dead letters of a function: for asynchronous invocations only; what matters comes from queues and streams that have theirs',
  CKV_AWS_117: 'functions in a VPC: customers choose the URLs, which would be a way into it',
  CKV_AWS_119:
    'tables under a key of the customer’s: under the account’s own key for DynamoDB; `encryption` = `own` makes one',
  CKV_AWS_149:
    'the firewall’s secret not under a key of the customer’s: it opens nothing but the way around the firewall, and CloudFront shows it to whoever may read a distribution',
  CKV_AWS_173: 'variables of functions under a key of the customer’s: they hold names and URLs, no secret',
  CKV_AWS_27:
    'queues not encrypted: wrong, they are, by keys that SQS owns, which the rule does not know; `encryption` = `own` makes one for those with payloads',
  CKV_AWS_86:
    'no access log of the distribution before the API: it would name whole paths and queries; the web ACL, the API and the functions have logs of their own',
};

/** Findings that must go when the operator wants keys of their own, and the settings that ask for them. */
const GONE_WITH_OWN_KEYS = 'CKV_AWS_119';
const WITH_OWN_KEYS = 'everything';

interface Report {
  summary: { passed: number };
  results: { failed_checks: { check_id: string; resource: string; file_path: string }[] };
}

/** What checkov finds in all templates, under each of {@link LINTED}, whose name its files begin with. @throws LeftOut */
async function findings(): Promise<Report> {
  const folder = await checkov();
  const work = mkdtempSync(join(tmpdir(), 'posthorn-checkov-'));
  try {
    for (const [name, settings] of Object.entries(LINTED)) {
      for (const [stack, template] of Object.entries(synthesizeStacks(settings)))
        writeFileSync(join(work, `${name}-${stack}.template.json`), JSON.stringify(template.toJSON()));
    }
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

export const proof: Proof = {
  promise: 'What checkov finds in the templates is explained, each finding.',
  async run() {
    try {
      const { summary, results } = await findings();
      const failed = results.failed_checks;
      const unexplained = failed.filter(({ check_id: id }) => !Object.hasOwn(EXPLAINED, id));
      if (unexplained.length > 0)
        throw new Error(`Expected each finding explained, found ${JSON.stringify(unexplained)}`);
      const ids = new Set(failed.map((one) => one.check_id));
      const over = Object.keys(EXPLAINED).filter((id) => !ids.has(id));
      if (over.length > 0) throw new Error(`Explained, but found no more: ${over.join(', ')}. Take them out.`);
      const still = failed.filter(
        ({ check_id: id, file_path: file }) => id === GONE_WITH_OWN_KEYS && file.includes(`/${WITH_OWN_KEYS}-`),
      );
      if (still.length > 0) throw new Error(`With keys of one's own, found ${JSON.stringify(still)}.`);
      return {
        [`checkov ${VERSIONS.checkov}`]: `${summary.passed} passed, ${failed.length} findings of ${ids.size} rules explained, under ${Object.keys(LINTED).length} sets of settings`,
      };
    } catch (error) {
      return { [`checkov ${VERSIONS.checkov}`]: leftOut(error) };
    }
  },
};
