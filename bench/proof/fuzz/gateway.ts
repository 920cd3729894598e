import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readApi } from '../../../local/gateway/read-api.ts';
import { Gateway } from '../../../local/gateway/server.ts';
import { readFunctions } from '../../../local/lambda/read-functions.ts';
import { failure, type InvocationResult } from '../../../local/lambda/result.ts';
import { bindApp } from '../../../local/template/app.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { UNDERSTOOD_TYPES } from '../../../local/understood-types.ts';
import { isErrorLine } from '../../../test/support/log-line.ts';

// A process of its own: the gateway of `npm start` with the routes of the template, and behind it the bundled functions
// of the same template, in this process, so that thousands of requests a second need no other. Where tables and queues
// are is in its environment.

/** What this process tells its parent. */
export type Told = { port: number } | { violation: string } | { line: string };

const tell = (what: Told): void => void process.send?.(what);
process.on('unhandledRejection', (error) => tell({ violation: `unhandled rejection: ${String(error)}` }));
process.on('uncaughtException', (error) => tell({ violation: `uncaught exception: ${String(error)}` }));
process.on('disconnect', () => process.exit());

/** Only errors leave this process: a long run writes gigabytes of log. */
process.stdout.write = (chunk: string | Uint8Array): boolean => {
  if (isErrorLine(chunk)) tell({ line: chunk });
  return true;
};

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const assembly = readAssembly(process.argv[2]!);
const { account, region } = assembly;
const unused = (): string => 'http://127.0.0.1:1';
const app = bindApp(
  assembly,
  { account, region, sqsEndpoint: unused, apiEndpoint: unused, streamArn: unused },
  UNDERSTOOD_TYPES,
);
const api = readApi(app)!;
const handlers = new Map<string, Handler>();
/** Routes call an alias: the function's own name and the alias behind it. */
const ownArn = (arn: string): string => arn.split(':').slice(0, 7).join(':');
const asked = new Set(api.routes.map(({ target }) => ownArn(target.functionArn)));
for (const { arn, taskRoot, handler } of readFunctions(app).filter((one) => asked.has(one.arn))) {
  const [file, name] = handler.split('.') as [string, string];
  const module = (await import(pathToFileURL(join(taskRoot, `${file}.mjs`)).href)) as Record<string, Handler>;
  handlers.set(arn, module[name]!);
}

let count = 0;

/** As the Lambda runtime does: the event and the answer go through JSON, an error is an answer of its own. */
async function invoke(arn: string, payload: string): Promise<InvocationResult> {
  const context = { awsRequestId: `request-${++count}`, getRemainingTimeInMillis: () => 30_000 };
  try {
    return {
      ok: true,
      payload: JSON.stringify(await handlers.get(ownArn(arn))!(JSON.parse(payload), context)) ?? 'null',
    };
  } catch (error) {
    return failure('Error', String(error));
  }
}

const gateway = await Gateway.listen(0);
// The throttle would refuse most of what is sent: one client sends here what a thousand send in a minute.
gateway.open({ api: { ...api, throttles: new Map() }, accountId: account, invoke });
tell({ port: Number(new URL(gateway.url).port) });
