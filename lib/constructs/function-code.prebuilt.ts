import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { FunctionCodeProps } from './function-code.ts';

/** Folder of the file that the package's CommonJS ends up in. */
declare const __dirname: string;

/** In the package for other people's apps: the code as function-code.ts bundled it when the package was made. */
export function functionCode({ stage }: FunctionCodeProps): NodejsFunctionProps {
  return { code: Code.fromAsset(join(__dirname, 'functions', stage)), handler: 'index.handler' };
}
