import { LARGEST_RATE, REPLAYABLE } from '../lambdas/domain/delivery/replay.ts';
import { follow } from './follow.ts';
import { calledHere, readOptions, readRate } from './read-options.ts';
import { createCall } from './call-api.ts';
import { LOCAL_OUTPUTS } from './outputs.ts';

const USAGE = `${calledHere('replay')} --subscription <id> --since <time> [--until <time>] [--outcomes exhausted,failed] [--rate 50] [--dry-run]
${calledHere('replay')} --since <time> [--organization <name>] [--type visit.ended] [--status 404,5xx] …   of all subscriptions
  --outcomes <list>  latest outcome of a delivery: ${REPLAYABLE.join(', ')} (default: all that was not delivered)
  --rate <number>    deliveries a second
  --dry-run          only counts
  --key <api key>    admin key, or the organization's own (default: POSTHORN_API_KEY, or the local admin key)
  --outputs <file>   outputs of the stack (default ${LOCAL_OUTPUTS})`;

/** A job as the API shows it. */
interface Replay {
  id: string;
  state: string;
  total: number;
  done: number;
  failed: number;
  remaining: number;
}

const BAR_WIDTH = 30;

const { values } = readOptions(
  {
    options: {
      subscription: { type: 'string' },
      organization: { type: 'string' },
      type: { type: 'string' },
      status: { type: 'string' },
      since: { type: 'string' },
      until: { type: 'string' },
      outcomes: { type: 'string' },
      rate: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      key: { type: 'string' },
      outputs: { type: 'string', default: LOCAL_OUTPUTS },
    },
  },
  USAGE,
);

const call = createCall(values, USAGE);

/** `[██████░░░░] 60/100 delivered, 3 failed, 37 left` */
function bar({ total, done, failed, remaining }: Replay): string {
  const filled = total === 0 ? BAR_WIDTH : Math.floor(((done + failed) / total) * BAR_WIDTH);
  const picture = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  return `[${picture}] ${done}/${total} delivered, ${failed} failed, ${remaining} left`;
}

/** Shows the progress until the job is over; the job goes on when this is interrupted. */
function showUntilOver(id: string): Promise<Replay> {
  return follow(
    async () => {
      const replay = await call<Replay>('GET', `/v1/replays/${id}`);
      if (process.stdout.isTTY) process.stdout.write(`\r${bar(replay)}`);
      return replay;
    },
    ({ state }) => state !== 'running',
  );
}

function wordsOf(list: string | undefined): string[] | undefined {
  return list?.split(',').map((word) => word.trim());
}

async function main(): Promise<void> {
  const { subscription, since, until, organization, type } = values;
  const rate_per_second = readRate(values.rate, LARGEST_RATE);
  if (since === undefined) throw new Error(`Expected --since.\n${USAGE}`);
  const outcomes = wordsOf(values.outcomes);
  const status = wordsOf(values.status);
  if (subscription !== undefined && [organization, type, status].some((one) => one !== undefined))
    throw new Error(`Expected --organization, --type and --status without --subscription.\n${USAGE}`);
  const [path, body] =
    subscription === undefined
      ? [
          '/v1/deliveries/redeliver',
          { filter: { since, until, outcome: outcomes, organization, type, status }, rate_per_second },
        ]
      : [`/v1/subscriptions/${encodeURIComponent(subscription)}/replay`, { since, until, outcomes, rate_per_second }];
  if (values['dry-run']) {
    const { count, left_out } = await call<{ count: number; left_out?: number }>('POST', `${path}?dry_run=true`, body);
    console.log(`${count} deliveries would be sent${left_out ? `, ${left_out} cannot be` : ''}.`);
    return;
  }
  const { id } = await call<Replay>('POST', path, body);
  console.log(`${id} runs. It goes on when this is interrupted.`);
  const end = await showUntilOver(id);
  console.log(`${process.stdout.isTTY ? '\n' : `${bar(end)}\n`}${end.state}`);
  if (end.failed > 0) process.exitCode = 2;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
