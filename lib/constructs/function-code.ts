import { fileURLToPath } from 'node:url';
import { LogLevel, OutputFormat, type ICommandHooks, type NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import { BUNDLING } from './bundling.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What of a function is code. */
export interface FunctionCodeProps {
  /** Folder in lambdas/: `ingest`, `fan-out`, … */
  stage: string;
  /** Whether its code is minified. */
  minify: boolean;
  /** Files that lie beside the code: a folder of the repository, and its name in the bundle. */
  files?: { from: string; to: string };
}

/**
 * The code of a stage's function, bundled from the sources at synth. The package that others build into their apps has
 * function-code.prebuilt.ts in its place.
 */
export function functionCode({ stage, minify, files }: FunctionCodeProps): NodejsFunctionProps {
  return {
    entry: `${ROOT}lambdas/${stage}/handler.ts`,
    handler: 'handler',
    projectRoot: ROOT,
    depsLockFilePath: `${ROOT}package-lock.json`,
    bundling: {
      ...BUNDLING,
      format: OutputFormat.ESM,
      mainFields: [...BUNDLING.mainFields],
      minify,
      sourceMap: true,
      logLevel: LogLevel.WARNING,
      // Pinning a runtime would silently switch to the runtime's own SDK, which is older and slower to load.
      bundleAwsSDK: true,
      ...(files ? { commandHooks: copyBesideCode(files) } : {}),
    },
  };
}

function copyBesideCode({ from, to }: { from: string; to: string }): ICommandHooks {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_inputDir, outputDir) => [`cp -R "${ROOT}${from}" "${outputDir}/${to}"`],
  };
}
