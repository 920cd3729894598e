import { readFileSync } from 'node:fs';

// Without AWS's clients, which take half of the time of a command that only calls the API, or only says how it is used.

/** What a running Posthorn says of itself, local or deployed. */
export interface StackOutputs {
  /** An output of the stack, e.g. `ApiKeysTableName`. @throws when there is none. */
  output(name: string): string;
  /** A member that only a local run has, e.g. `AdminApiKey`. */
  local(name: string): string | undefined;
}

/** Where `npm start` writes its outputs. */
export const LOCAL_OUTPUTS = '.local/outputs.json';

/**
 * Reads an outputs file: `.local/outputs.json` of `npm start`, or what `cdk deploy --outputs-file` wrote.
 * @throws saying how to get the file.
 */
export function readOutputs(path: string): StackOutputs {
  let outputs: Record<string, Record<string, string>>;
  try {
    outputs = JSON.parse(readFileSync(path, 'utf8')) as typeof outputs;
  } catch {
    throw new Error(
      `Expected stack outputs in ${path}. Run "npm start" for the local platform, or ` +
        '"npx cdk deploy --all --outputs-file outputs.json" and pass --outputs outputs.json.',
    );
  }
  const { local, ...stacks } = outputs;
  const all: Record<string, string> = Object.assign({}, ...Object.values(stacks)) as Record<string, string>;
  return { output: (name) => findOutput(all, name, path), local: (name) => local?.[name] };
}

/**
 * In an app of somebody's own an output is called after its construct, too: `WebhooksApiUrl`. What comes before a name is a
 * construct only if it has an API: `WebhooksSlowDeliveriesQueueUrl` ends as the fast lane's output does.
 */
function findOutput(all: Record<string, string>, name: string, path: string): string {
  if (Object.hasOwn(all, name)) return all[name]!;
  const construct = process.env['POSTHORN_CONSTRUCT'];
  const found = Object.keys(all).filter((output) =>
    construct === undefined
      ? output.endsWith(name) && Object.hasOwn(all, `${output.slice(0, -name.length)}ApiUrl`)
      : output === `${construct}${name}`,
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return all[only]!;
  if (only === undefined) throw new Error(`Expected an output ${name} in ${path}; deploy this version of Posthorn.`);
  throw new Error(
    `Expected one output ${name} in ${path}, found ${found.join(', ')}: say which with POSTHORN_CONSTRUCT=${only.slice(0, -name.length)}.`,
  );
}
