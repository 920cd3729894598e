import type { Construct } from 'constructs';
import cdkJson from '../cdk.json' with { type: 'json' };

/**
 * Lets everything below a construct be made under the flags of this repository's cdk.json, whatever app it is part of: flags
 * decide on logical ids, policies and defaults, and Posthorn is tested under one set of them. Before anything is made in it.
 * What an app says in its own context stays in force outside.
 */
export function useOwnFlags(construct: Construct): void {
  for (const [flag, value] of Object.entries(cdkJson.context)) construct.node.setContext(flag, value);
}
