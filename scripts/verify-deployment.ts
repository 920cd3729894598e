import { readFileSync } from 'node:fs';
import { createCall, type Call } from './call-api.ts';
import { calledHere, readOptions } from './read-options.ts';
import { LOCAL_OUTPUTS } from './outputs.ts';
import { openStack, type StackAccess } from './stack.ts';
import { byHand } from './verify-deployment/by-hand.ts';
import { deliver } from './verify-deployment/deliver.ts';
import { cannotBeAsked, finding, look, tableOf, type Finding } from './verify-deployment/findings.ts';
import { receiverAt, startReceiver, type Receiver } from './verify-deployment/receiver.ts';
import { settings } from './verify-deployment/settings.ts';
import { watch } from './verify-deployment/watch.ts';

const USAGE = `${calledHere('verify-deployment')} --outputs outputs.json --receiver https://…
Publishes an event, follows it, looks at what AWS says of tables, queues, alarms and metrics, and prints what it found.
Exit code 1 when something is not as expected. What it makes belongs to the organization posthorn-verification and is deleted again.
  --receiver <url>   takes the delivery with 2xx; best if its answer repeats the headers (local run: one of its own)
  --outputs <file>   outputs of the stack (default ${LOCAL_OUTPUTS})
The key of an administrator is read from POSTHORN_API_KEY (local run: its own).`;

const { values } = readOptions(
  { options: { receiver: { type: 'string' }, outputs: { type: 'string', default: LOCAL_OUTPUTS } } },
  USAGE,
);

interface Status {
  dead_letters: { customers: number; ours: number; queues: { name: string }[] } | null;
}

async function openReceiver(stack: StackAccess, isLocal: boolean): Promise<Receiver> {
  if (values.receiver !== undefined) return receiverAt(values.receiver, stack.output('ApiUrl'));
  if (isLocal) return startReceiver();
  throw new Error(`Expected --receiver with the URL of an endpoint that takes deliveries.\n${USAGE}`);
}

/** The first call: without its answer nothing else can be asked. */
async function status(call: Call): Promise<Finding[]> {
  const { dead_letters: dead } = await call<Status>('GET', '/v1/status');
  const found = dead
    ? `${dead.ours} of the platform, ${dead.customers} of customers, in ${dead.queues.length} queues`
    : 'the api cannot read them';
  return [
    finding('key', 'an administrator’s', 'taken', true),
    finding('dead letters', 'shown by /v1/status', found, dead !== null),
  ];
}

/** The name of the stack with the API: its commands need it. */
function stackName(): string {
  const outputs = JSON.parse(readFileSync(values.outputs, 'utf8')) as Record<string, Record<string, string>>;
  const found = Object.entries(outputs).find(([, members]) =>
    Object.keys(members).some((key) => key.endsWith('ApiUrl')),
  );
  return found?.[0] ?? 'Posthorn';
}

async function verify(stack: StackAccess, receiver: Receiver, isLocal: boolean): Promise<Finding[]> {
  const { outputs } = values;
  const call = createCall({ outputs }, USAGE);
  const first = await look('key', 'an administrator’s', () => status(call));
  if (first.some(({ what, verdict }) => what === 'key' && verdict === 'not')) return first;
  const { findings, eventId } = await deliver({
    call,
    callWith: (key) => createCall({ key, outputs }, USAGE),
    receiver,
  });
  const rest = isLocal
    ? [cannotBeAsked('log lines', 'with the event’s id', 'npm start prints them')]
    : byHand(stack, { name: stackName(), ...(eventId === undefined ? {} : { eventId }) });
  return [...first, ...findings, ...(await settings(stack, isLocal)), ...(await watch(stack, call, isLocal)), ...rest];
}

async function main(): Promise<void> {
  const stack = openStack(values.outputs);
  const isLocal = stack.local('ApiEndpoint') !== undefined;
  const receiver = await openReceiver(stack, isLocal);
  try {
    const findings = await verify(stack, receiver, isLocal);
    console.log(tableOf(findings));
    const wrong = findings.filter(({ verdict }) => verdict === 'not');
    console.log(
      `\n${wrong.length === 0 ? 'All that could be asked is as expected.' : `${wrong.length} not as expected.`}`,
    );
    if (wrong.length > 0) process.exitCode = 1;
  } finally {
    await receiver.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
