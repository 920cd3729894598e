import { readMappings } from '../event-sources/read-mappings.ts';
import type { Access } from '../iam/access.ts';
import type { Credentials } from '../iam/credentials.ts';
import type { Role } from '../iam/read-roles.ts';
import { latencies, seeded } from '../like-aws/latency.ts';
import type { LikeAws } from '../like-aws/numbers.ts';
import type { Log } from '../log.ts';
import type { App } from '../template/app.ts';
import { AccountConcurrency } from './account-concurrency.ts';
import { LambdaFunction, type Sandbox } from './function.ts';
import { Governor } from './governor.ts';
import type { Inspector } from './inspect.ts';
import { Host } from './host.ts';
import { readFunctions } from './read-functions.ts';
import type { FunctionDescription } from './read-functions.ts';
import { Processors } from './processors.ts';
import { startProcess, type StartRunner } from './runner.ts';
import { sourcePlaces } from './source-places.ts';
import type { Endpoints } from './variables.ts';
import { functionVariables } from './variables.ts';

/**
 * Environments for one source of events of a function without reserved concurrency: more would not fit on one machine.
 * Each source has its own, as it has its own `maxConcurrency` on Lambda: a full slow lane must not stop the fast one.
 */
export const SOURCE_LIMIT = 8;

/** What functions run with. */
export interface FunctionsOptions {
  app: App;
  access: Access;
  roles: Map<string, Role>;
  endpoints: Endpoints;
  /** Where calls to every other AWS service end. */
  otherServices: string;
  /** Variables beyond those of the template. */
  localVariables: Record<string, string>;
  /** What functions are run in. @default processes of ours, or one with threads */
  start?: StartRunner | undefined;
  /** Functions that are debugged, by any of their names. @default none */
  inspectors?: ReadonlyMap<string, Inspector> | undefined;
  /** All functions are threads of one process. @default false: each environment has a process of its own */
  isShared?: boolean | undefined;
  /** @default none */
  likeAws?: LikeAws | undefined;
  log: Log;
}

interface Entry {
  description: FunctionDescription;
  lambda: LambdaFunction;
  credentials: Credentials;
}

/** All functions of the app. */
export class Functions {
  /** What their invocations compute on. */
  readonly processors = new Processors();
  readonly #entries: Entry[];
  readonly #options: FunctionsOptions;
  readonly #sandbox: Sandbox | undefined;
  readonly #host = new Host();
  readonly #places = sourcePlaces();

  /** @throws when a function's role is not in the template, or one that shall be debugged does not exist. */
  constructor(options: FunctionsOptions) {
    this.#options = options;
    const sources = readMappings(options.app).map(({ functionName }) => functionName);
    const descriptions = readFunctions(options.app);
    this.#sandbox = options.likeAws && sandboxLikeAws(options.likeAws, descriptions);
    this.#entries = descriptions.map((description) =>
      this.#entry(description, sources.filter((source) => isCalled(description, source)).length),
    );
    for (const name of options.inspectors?.keys() ?? []) this.#find(name);
  }

  /** A function by name, ARN, logical id, short name or the end of its construct path. @throws when there is none. */
  find(name: string): LambdaFunction {
    return this.#find(name).lambda;
  }

  /** What a function is called in the log. */
  shortName(name: string): string {
    return this.#find(name).description.shortName;
  }

  /** The credentials that a function runs with. */
  credentials(name: string): Credentials {
    return this.#find(name).credentials;
  }

  /** Process ids of the living environments, by short name. */
  pids(): Record<string, number[]> {
    return Object.fromEntries(this.#entries.map((e) => [e.description.shortName, e.lambda.pids]));
  }

  /** Invocations under way, those that wait in line included. @param name of one function. @default all */
  running(name?: string): number {
    if (name !== undefined) return this.find(name).running;
    return this.#entries.reduce((sum, { lambda }) => sum + lambda.running, 0);
  }

  /** Ends all environments. */
  async close(): Promise<void> {
    await Promise.all(this.#entries.map((e) => e.lambda.close()));
    this.#host.close();
    await this.#sandbox?.governor?.close();
  }

  #find(name: string): Entry {
    const found = this.#entries.find(({ description }) => isCalled(description, name));
    if (found) return found;
    const known = this.#entries.map((e) => e.description.shortName).join(', ');
    throw new Error(`There is no function "${name}". Functions of this app: ${known}.`);
  }

  #entry(description: FunctionDescription, sources: number): Entry {
    const { app, access, roles, endpoints, otherServices, localVariables, log } = this.#options;
    const role = roles.get(description.roleArn);
    if (!role) throw new Error(`${description.resource.path}: its role ${description.roleArn} is not in the template.`);
    const credentials = access.credentialsFor(description.name, role);
    const { name, aliases, taskRoot, timeoutSeconds, memoryMb, reservedConcurrency } = description;
    const inspector = [...(this.#options.inspectors ?? [])].find(([called]) => isCalled(description, called))?.[1];
    const limit = reservedConcurrency ?? SOURCE_LIMIT * Math.max(sources, 1);
    // A debugger talks to one process, and a process is what has a share of a processor.
    const isThread = this.#options.isShared && !inspector && !this.#options.likeAws;
    const onLog = log.from(description.shortName);
    const lambda = new LambdaFunction({
      name,
      // As its callers call it.
      arn: aliases[0]?.arn ?? description.arn,
      taskRoot,
      timeoutSeconds,
      memoryMb,
      limit: inspector ? 1 : limit,
      inspector,
      // On AWS it has processors of its own; here what it may take at most must not be what the pipeline lacks.
      givesWay: reservedConcurrency !== undefined,
      variables: functionVariables(description, app.region, credentials, endpoints, otherServices, localVariables),
      sandbox: this.#sandbox,
      processors: this.processors,
      start: this.#options.start ?? (isThread ? this.#host.start : startProcess),
      onLog: (line) => onLog(this.#places(line)),
    });
    return { description, lambda, credentials };
  }
}

function sandboxLikeAws(numbers: LikeAws, functions: readonly FunctionDescription[]): Sandbox {
  const { accountConcurrency, unreservedConcurrency, vcpuMemoryMb, freezes, seed } = numbers;
  const { coldStartMedianMs, coldStartTailMs } = numbers;
  const reserved = functions.flatMap(({ name, reservedConcurrency: places }) =>
    places === undefined ? [] : [[name, places] as const],
  );
  return {
    ...(accountConcurrency > 0 && {
      concurrency: new AccountConcurrency(accountConcurrency, new Map(reserved), unreservedConcurrency),
    }),
    ...((vcpuMemoryMb > 0 || freezes > 0) && { governor: new Governor({ vcpuMemoryMb, freezes: freezes > 0 }) }),
    coldStartMs: latencies({ medianMs: coldStartMedianMs, tailMs: coldStartTailMs }, seeded(seed + 4)),
  };
}

function isCalled({ shortName, name, arn, aliases, resource }: FunctionDescription, wanted: string): boolean {
  const qualified = aliases.flatMap((alias) => [alias.arn, `${name}:${alias.name}`]);
  return (
    [shortName, name, arn, resource.logicalId, ...qualified].includes(wanted) ||
    resource.path.replace(/\/Resource$/, '').endsWith(`/${wanted}`)
  );
}
