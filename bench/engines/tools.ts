import { execFile, type ExecFileOptions } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/engines');

/** Versions that were tried. DynamoDB Local 3.x sends `{}` for an empty map in streams, so not newer. */
export const VERSIONS = {
  cfnLint: '1.58.0',
  botocore: '1.44.8',
  dynamoDbLocal: '2.6.1',
  moto: '5.2.5',
  elasticMq: '1.7.1',
  runtimeClient: '4.0.2',
  checkov: '3.3.30',
};

/** A tool that is not on this machine and cannot be fetched: what needs it is left out, which is no failure. */
export class LeftOut extends Error {
  override name = 'LeftOut';
}

/** What a report says of what was left out. @throws any other error again. */
export function leftOut(error: unknown): string {
  if (!(error instanceof LeftOut)) throw error;
  return `left out: ${error.message}`;
}

interface Ended {
  stdout: string;
  stderr: string;
  /** By a timeout. */
  killed: boolean;
  code: number | string;
}

/** Runs a program. @returns what it printed. @throws with that when it fails, or has not ended by `options.timeout`. */
export async function run(program: string, args: readonly string[], options: ExecFileOptions = {}): Promise<string> {
  try {
    const { stdout, stderr } = await execute(program, args, { maxBuffer: 2 ** 26, killSignal: 'SIGKILL', ...options });
    return `${stdout.toString()}${stderr.toString()}`;
  } catch (error) {
    const { stdout = '', stderr = '', killed, code } = error as Partial<Ended>;
    const end = killed ? `did not end within ${(options.timeout ?? 0) / 1000} s` : `ended with ${code}`;
    throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}\n${end}`, { cause: error });
  }
}

/** The folder of a Python with botocore and cfn-lint; fetched at the first time. @throws LeftOut */
export async function python(): Promise<string> {
  const folder = join(CACHE, `python-${VERSIONS.cfnLint}-${VERSIONS.botocore}`);
  return fetched(folder, 'Python with pip (python3-venv)', async () => {
    await run('python3', ['-m', 'venv', folder]);
    const packages = [`cfn-lint==${VERSIONS.cfnLint}`, `botocore==${VERSIONS.botocore}`];
    await run(join(folder, 'bin/pip'), ['install', '--quiet', ...packages]);
  });
}

/** The folder of a Python with moto's server. @throws LeftOut */
export function moto(): Promise<string> {
  return pythonOf(`moto-${VERSIONS.moto}`, `moto[server]==${VERSIONS.moto}`);
}

/** The folder of a Python with checkov. @throws LeftOut */
export function checkov(): Promise<string> {
  return pythonOf(`checkov-${VERSIONS.checkov}`, `checkov==${VERSIONS.checkov}`);
}

/** One for each tool that pins what it needs; fetched at the first time. */
function pythonOf(name: string, wanted: string): Promise<string> {
  const folder = join(CACHE, `python-${name}`);
  return fetched(folder, 'Python with pip (python3-venv)', async () => {
    await run('python3', ['-m', 'venv', folder]);
    await run(join(folder, 'bin/pip'), ['install', '--quiet', wanted]);
  });
}

/** The folder with the jars of DynamoDB Local. @throws LeftOut */
export function dynamoDbLocal(): Promise<string> {
  const { dynamoDbLocal: version } = VERSIONS;
  return jars(`dynamodb-local-${version}`, { groupId: 'com.amazonaws', artifactId: 'DynamoDBLocal', version });
}

/** The folder with the jars of ElasticMQ. @throws LeftOut */
export function elasticMq(): Promise<string> {
  const { elasticMq: version } = VERSIONS;
  return jars(`elasticmq-${version}`, { groupId: 'org.elasticmq', artifactId: 'elasticmq-server_2.13', version });
}

/** The folder with AWS's own runtime interface client for Node, whose native part is compiled. @throws LeftOut */
export function runtimeClient(): Promise<string> {
  const folder = join(CACHE, `lambda-ric-${VERSIONS.runtimeClient}`);
  return fetched(folder, 'cmake, make and a C++ compiler', async () => {
    await run('cmake', ['--version']);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const quiet = ['--no-audit', '--no-fund', '--no-package-lock'];
    await run('npm', ['install', ...quiet, `aws-lambda-ric@${VERSIONS.runtimeClient}`], { cwd: folder });
  });
}

/** Fetched by Maven at the first time. */
function jars(
  name: string,
  { groupId, artifactId, version }: Record<'groupId' | 'artifactId' | 'version', string>,
): Promise<string> {
  const folder = join(CACHE, name);
  return fetched(folder, 'Java 17 with Maven', async () => {
    await run('java', ['-version']);
    writeFileSync(
      join(folder, 'pom.xml'),
      `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
      <groupId>posthorn</groupId><artifactId>engines</artifactId><version>1</version><dependencies><dependency>
      <groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>
      </dependency></dependencies></project>`,
    );
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
    await run('mvn', ['--quiet', '--batch-mode', '--file', join(folder, 'pom.xml'), ...goal]);
  });
}

async function fetched(folder: string, needs: string, fetch: () => Promise<void>): Promise<string> {
  const done = join(folder, 'complete');
  if (existsSync(done)) return folder;
  mkdirSync(folder, { recursive: true });
  try {
    await fetch();
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new LeftOut(`needs ${needs}, or it could not be fetched: ${why}`);
  }
  writeFileSync(done, '');
  return folder;
}
