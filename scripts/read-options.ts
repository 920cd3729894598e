import { parseArgs, type ParseArgsConfig } from 'node:util';

/** How a command is called from where it runs: this repository, or an app that has the package `posthorn-cdk`. */
export function calledHere(command: string): string {
  return import.meta.url.endsWith('.ts') ? `npm run ${command} --` : `npx posthorn ${command}`;
}

/**
 * The words and options of a command line. Ends the process with the usage when one is asked for with `--help` (exit
 * code 0), or when an option is not known or has no value (exit code 1).
 */
export function readOptions<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  if (process.argv.includes('--help')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exit(1);
  }
}

/**
 * @returns the number in an option, or undefined when it was not given.
 * @throws when it is no whole number from 1 to `most`.
 */
export function readRate(text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (!/^\d+$/.test(text) || rate < 1 || rate > most) {
    throw new Error(`Expected --rate with a whole number from 1 to ${most}, got ${text}.`);
  }
  return rate;
}
