import type { Proof } from '../proof/proof.ts';
import { queuesOnElasticMq } from './queues.ts';
import { storesOnDynamoDbLocal } from './stores.ts';
import { lintTemplates } from './templates.ts';
import { leftOut, VERSIONS } from './tools.ts';

/** Engines and tools that we did not write. What needs one that is not here is left out, and says so. */
const CHECKS: Record<string, () => Promise<Record<string, string>>> = {
  [`cfn-lint ${VERSIONS.cfnLint}`]: async () => ({ templates: await lintTemplates() }),
  [`DynamoDB Local ${VERSIONS.dynamoDbLocal}, botocore ${VERSIONS.botocore}`]: storesOnDynamoDbLocal,
  [`ElasticMQ ${VERSIONS.elasticMq}`]: queuesOnElasticMq,
};

export const proof: Proof = {
  promise:
    'AWS’s own tools and engines accept our templates, every expression of our stores, and our signatures; queues of others behave as ours.',
  async run() {
    const lines: Record<string, string> = {};
    for (const [engine, check] of Object.entries(CHECKS)) {
      try {
        for (const [what, result] of Object.entries(await check())) lines[`${what} (${engine})`] = result;
      } catch (error) {
        lines[engine] = leftOut(error);
      }
    }
    return lines;
  },
};
