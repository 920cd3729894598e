import { z } from 'zod';
import type { App, Resource } from '../template/app.ts';
import { functionName } from '../template/identity.ts';
import { ignored } from '../template/scalars.ts';

const versionSchema = z.strictObject({ FunctionName: z.string(), Description: ignored, CodeSha256: ignored });
const aliasSchema = z.strictObject({
  FunctionName: z.string(),
  FunctionVersion: z.string(),
  Name: z.string(),
  Description: ignored,
});

/** A name behind a function's own by which it is called: `live`. */
export interface AliasDescription {
  name: string;
  arn: string;
  /** The version that it leads to. */
  version: string;
}

/**
 * The aliases of the app's functions, by the function's name.
 * @throws when one leads to a version that the template does not publish, as Lambda would.
 */
export function readAliases(app: App): Map<string, AliasDescription[]> {
  const versions = new Set(app.ofType('AWS::Lambda::Version').map((r) => versionOf(r)));
  const aliases = app.ofType('AWS::Lambda::Alias').map((resource) => {
    const { FunctionName, FunctionVersion, Name } = resource.properties(aliasSchema);
    if (!versions.has(`${functionName(FunctionName)}:${FunctionVersion}`)) {
      throw new Error(
        `${resource.path}: the alias ${Name} leads to the version ${FunctionVersion} of ${FunctionName}, which the template does not publish.`,
      );
    }
    return { of: functionName(FunctionName), name: Name, arn: resource.identity.arn, version: FunctionVersion };
  });
  return Map.groupBy(aliases, ({ of }) => of);
}

function versionOf(resource: Resource): string {
  return `${functionName(resource.properties(versionSchema).FunctionName)}:${resource.identity.attributes['Version'] as string}`;
}
