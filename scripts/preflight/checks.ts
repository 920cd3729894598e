import { queueConcurrency } from '../../lib/concurrency.ts';
import type { Settings } from '../../lib/settings.ts';
import { tableDefinitions } from '../../lib/tables.ts';
import type { Answer, Concurrency, Facts, LogPolicy, Plan, StackStatus, Verdict } from './facts.ts';

/** What `requiresBootstrapStackVersion` is in the manifests that this CDK writes. */
const LEAST_BOOTSTRAP = 6;
/** "you can reserve up to the Unreserved account concurrency value minus 100" (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html). */
const KEPT_UNRESERVED = 100;
/** Both of https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html: policies of a region and account, and bytes of one. */
const MOST_LOG_POLICIES = 10;
const LARGEST_LOG_POLICY = 5120;
/** Where CloudWatch itself writes which log groups services deliver to, access logs of an HTTP API among them. */
const DELIVERY_POLICY = 'AWSLogDeliveryWrite20150319';
/** Where the access log is (lib/constructs/http-api.ts): one line there, a pattern, stands for all log groups below it. */
const VENDED_LOGS = '/aws/vendedlogs/*';
/** Bytes kept free for this line, which takes about 90: an ARN with `:log-stream:*` and quotation marks. */
const LOG_GROUP_BYTES = 220;
/** A stack in one of these owns no tables: its creation failed or never began. */
const EMPTY_STACKS = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'REVIEW_IN_PROGRESS'];

const ASK_FOR_MORE =
  'ask for more in Service Quotas → AWS Lambda → Concurrent executions (L-B99A9384), which may take a day';

/** Judges an account and region by what is about to be deployed. Pure. */
export function judge(facts: Facts, plan: Plan): Verdict[] {
  const { settings } = plan;
  return [
    of('bootstrap', facts.bootstrap, (version) => bootstrap(version, plan.qualifier)),
    of(`stack ${settings.name}Data`, facts.dataStack, stack),
    of(`stack ${settings.name}`, facts.stack, stack),
    both('tables', facts.tables, facts.dataStack, (names, status) => tables(names, status, settings)),
    both('concurrency', facts.concurrency, facts.stack, (value, status) => concurrency(value, status, settings)),
    both('log policies', facts.logPolicies, facts.stack, logPolicies),
  ];
}

type Judgement = Omit<Verdict, 'about'>;
const ok = (text: string): Judgement => ({ level: 'ok', text });
const warning = (text: string): Judgement => ({ level: 'warning', text });
const stop = (text: string): Judgement => ({ level: 'stop', text });

/** What could not be looked at stops nobody: the right to look is another one than the right to deploy. */
function of<T>(about: string, answer: Answer<T>, judgement: (value: T) => Judgement): Verdict {
  if ('error' in answer) {
    return { about, ...warning(`could not be checked: ${answer.error}. Allow this call, or check by hand.`) };
  }
  return { about, ...judgement(answer.value) };
}

function both<T, U>(about: string, first: Answer<T>, second: Answer<U>, judgement: (a: T, b: U) => Judgement): Verdict {
  if ('error' in second) return of(about, second, () => ok(''));
  return of(about, first, (value) => judgement(value, second.value));
}

function bootstrap(version: number | undefined, qualifier: string): Judgement {
  if (version === undefined) {
    return stop(`CDK's bootstrap (${qualifier}) is not in this account and region. Run: npx cdk bootstrap`);
  }
  if (version < LEAST_BOOTSTRAP) {
    return stop(`CDK's bootstrap has version ${version}, ${LEAST_BOOTSTRAP} is needed. Run: npx cdk bootstrap`);
  }
  return ok(`version ${version}`);
}

/** A stack that is there and owns what it made. */
function isLive(status: StackStatus): boolean {
  return status !== undefined && !EMPTY_STACKS.includes(status);
}

function stack(status: StackStatus): Judgement {
  if (status === undefined) return ok('not there yet: a first deployment');
  if (status === 'UPDATE_ROLLBACK_FAILED' || status === 'DELETE_FAILED') {
    return stop(
      `${status}: CloudFormation takes no deployment until that is fixed; the stack's events in its console say why.`,
    );
  }
  if (EMPTY_STACKS.includes(status)) {
    return warning(`${status}: an earlier first deployment failed. cdk deploy removes it and starts again.`);
  }
  if (status.endsWith('_IN_PROGRESS')) return stop(`${status}: wait until that is over, then run this again.`);
  return ok(`${status}: an upgrade`);
}

/**
 * Tables outlive their stack. A deployment without it makes new ones beside them, and nobody sees that the subscriptions
 * are gone until customers ask.
 */
function tables(names: string[], dataStack: StackStatus, { name, adoptedTables }: Settings): Judgement {
  const adopted = Object.values(adoptedTables).map((given) => /:table\/([^/]+)/.exec(given)?.[1] ?? given);
  const found = tableDefinitions().map(([, { id, stream }]) => ({
    id,
    hasStream: stream !== undefined,
    names: names.filter((table) => isTable(table, `${name}Data`, id) && !adopted.includes(table)),
  }));
  const here = found.flatMap((each) => each.names);
  if (!isLive(dataStack)) {
    if (here.length === 0) return ok(`none of an earlier ${name}`);
    return stop(
      `a deployment would begin empty beside ${here.length} retained tables of an earlier ${name}: ${here.join(', ')}. ` +
        `To use them: the setting "adoptedTables": ${adoption(found)} (docs/runbook.md#restoring says what else). ` +
        (dataStack?.startsWith('ROLLBACK_')
          ? 'Those of the first deployment that failed are empty: delete them (docs/deploying.md#after-a-first-deployment-that-failed).'
          : 'To begin empty on purpose, take another name, or delete them first.'),
    );
  }
  const twice = found.filter((each) => each.names.length > 1).flatMap((each) => each.names);
  if (twice.length === 0) return ok(`${here.length} of ${name}Data`);
  return warning(
    `some are retained from an earlier ${name}, and not used: compare ${twice.join(', ')} with the outputs.`,
  );
}

/** The setting with which tables that are there are used, as far as names alone say it: of two of a kind the person must choose. */
function adoption(found: { id: string; hasStream: boolean; names: string[] }[]): string {
  const chosen = found.flatMap(({ id, hasStream, names }) => {
    const [only, ...others] = names;
    if (only === undefined) return [];
    const name = others.length > 0 ? `<one of: ${names.join(', ')}>` : only;
    return [[id, hasStream ? `<LatestStreamArn of ${name}>` : name]];
  });
  return JSON.stringify(Object.fromEntries(chosen));
}

/** CloudFormation names a table `<stack>-<logical id>-<random>`; the logical id is the construct's path and eight digits of its hash. */
function isTable(table: string, stackName: string, id: string): boolean {
  const prefix = `${stackName}-${id}Table`;
  return table.startsWith(prefix) && /^[0-9A-F]{8}-[0-9A-Z]+$/.test(table.slice(prefix.length));
}

function concurrency({ limit, unreserved }: Concurrency, stackStatus: StackStatus, settings: Settings): Judgement {
  const reserve = settings.apiConcurrency;
  // The stack that is there has its reserve already.
  const free = isLive(stackStatus) ? Math.min(limit, unreserved + reserve) : unreserved;
  const left = free - reserve;
  if (reserve > 0 && left < KEPT_UNRESERVED) {
    return stop(
      `${free} of ${limit} are not reserved; the api function reserves ${reserve} (apiConcurrency), and AWS refuses to leave less than ${KEPT_UNRESERVED}. ` +
        `Set apiConcurrency to ${Math.max(0, free - KEPT_UNRESERVED)}${free > KEPT_UNRESERVED ? ' or less' : ''}, or ${ASK_FOR_MORE}.`,
    );
  }
  const queues = queueConcurrency(settings);
  const sum = `${left} of ${limit} are left for all other functions; those behind Posthorn's queues take up to ${queues}, each request on top of it one`;
  if (left <= queues) {
    return warning(
      `${sum}. Throttled functions use up the attempts of deliveries: before real traffic, ${ASK_FOR_MORE}.`,
    );
  }
  return ok(sum);
}

function logPolicies(policies: LogPolicy[], stackStatus: StackStatus): Judgement {
  const count = `${policies.length} of ${MOST_LOG_POLICIES}`;
  // What the stack needs, it got when it was made.
  if (isLive(stackStatus)) return ok(count);
  const delivery = policies.find(({ name }) => name === DELIVERY_POLICY);
  const bytes = Buffer.byteLength(delivery?.document ?? '');
  const hasPattern = delivery?.document.includes(VENDED_LOGS) ?? false;
  if (!hasPattern && bytes + LOG_GROUP_BYTES > LARGEST_LOG_POLICY) {
    return stop(
      `${DELIVERY_POLICY} has ${bytes} of ${LARGEST_LOG_POLICY} bytes, too many for one more line, ${VENDED_LOGS} ("Insufficient permissions to enable logging"). ` +
        'Take out log groups that are gone, or put one pattern in their place: aws logs put-resource-policy.',
    );
  }
  const needed = delivery === undefined ? 1 : 0;
  if (policies.length + needed > MOST_LOG_POLICIES) {
    return stop(
      `${count} resource policies of CloudWatch Logs are in use, one more is needed. ` +
        'Delete what nobody needs: aws logs describe-resource-policies, aws logs delete-resource-policy.',
    );
  }
  return ok(`${count}; ${DELIVERY_POLICY} has ${bytes} of ${LARGEST_LOG_POLICY} bytes`);
}
