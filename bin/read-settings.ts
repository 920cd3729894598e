import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SETTING_NAMES, settingsFrom, type Given } from '../lib/setting-types.ts';
import { DEFAULTS, type Settings } from '../lib/settings.ts';

/** `retryDelays` → `POSTHORN_RETRY_DELAYS`. */
export function environmentName(setting: string): string {
  return `POSTHORN_${setting.replace(/([A-Z])/g, '_$1').toUpperCase()}`;
}

/** Where the files of environments lie: `-c env=prod` takes `prod.json`. */
export const ENVIRONMENTS = join(import.meta.dirname, '../environments');

/** Beside them, for editors: what may stand in one. */
export const SCHEMA_FILE = 'settings.schema.json';

/**
 * Reads every setting from the CDK context (`-c retryDelays=1,1,1`, or `"retryDelays": [1, 1, 1]` in cdk.context.json), else
 * from the file of the environment that `-c env=…` names, else from the shell (`POSTHORN_RETRY_DELAYS`), else its default.
 * @param folder where the files of environments lie.
 * @throws one error that names every setting that cannot be understood, what was expected and what came.
 */
export function readSettings(
  context: (name: string) => unknown,
  environment: Record<string, string | undefined>,
  folder = ENVIRONMENTS,
): Settings {
  const file = readFile(context('env'), folder);
  return settingsFrom((name): Given | undefined => {
    const variable = environmentName(name);
    const inContext = context(name);
    if (inContext !== undefined) return { value: inContext, called: `${variable} (context ${name})` };
    if (Object.hasOwn(file.settings, name)) return { value: file.settings[name], called: `${name} in ${file.path}` };
    const inShell = environment[variable];
    return inShell === undefined ? undefined : { value: inShell, called: `${variable} (context ${name})` };
  });
}

interface EnvironmentFile {
  path: string;
  settings: Record<string, unknown>;
}

function readFile(given: unknown, folder: string): EnvironmentFile {
  if (given === undefined) return { path: '', settings: {} };
  const env = typeof given === 'string' ? given : JSON.stringify(given);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name !== SCHEMA_FILE) : [];
  const path = `environments/${env}.json`;
  // Asked of the folder's own list: a name is no way out of it.
  if (!names.includes(`${env}.json`)) {
    const there = names.map((name) => name.replace(/\.json$/, '')).join(', ') || 'none';
    throw new Error(`-c env=${env}: expected a file ${path}; there are: ${there}.`);
  }
  const settings = parse(readFileSync(join(folder, `${env}.json`), 'utf8'), path);
  const unknown = Object.keys(settings).filter((name) => name !== '$schema' && !Object.hasOwn(DEFAULTS, name));
  if (unknown.length > 0) {
    throw new Error(`${path}: ${unknown.join(', ')}: expected names of settings: ${SETTING_NAMES.join(', ')}.`);
  }
  return { path, settings };
}

function parse(text: string, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path}: expected JSON, got: ${(error as Error).message}`, { cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${path}: expected an object of settings, got ${text.trim().slice(0, 40)}`);
}

/** What differs from the defaults, a line for each: `fanOutConcurrency = 20 (default 10)`. */
export function differences(settings: Settings): string[] {
  return SETTING_NAMES.filter((name) => JSON.stringify(settings[name]) !== JSON.stringify(DEFAULTS[name])).map(
    (name) => `${name} = ${JSON.stringify(settings[name])} (default ${JSON.stringify(DEFAULTS[name])})`,
  );
}
