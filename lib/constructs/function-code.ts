import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import { copyBeside, writeBundle } from './bundle.ts';

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
 * The code of a stage's function, bundled from the sources at synth: here rather than by NodejsFunction, which makes every
 * bundle at every synth and starts npx for it. The package that others build into their apps has function-code.prebuilt.ts in
 * its place.
 */
export function functionCode({ stage, minify, files }: FunctionCodeProps): NodejsFunctionProps {
  const code = Code.fromAsset(`${ROOT}lambdas/${stage}`, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: the bundle is always made on this machine.
      image: DockerImage.fromRegistry('none'),
      // CDK makes assets once that differ in nothing but functions.
      command: [stage, String(minify)],
      local: {
        tryBundle: (folder) => {
          writeBundle(folder, { stage, minify });
          if (files) copyBeside(folder, files);
          return true;
        },
      },
    },
  });
  return { code, handler: 'index.handler' };
}
