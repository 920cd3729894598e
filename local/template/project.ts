import { readAssembly, type Assembly } from './assembly.ts';
import { readCdkJson, synthesize, type CdkJson } from './synth.ts';
import { synthesizeOnce } from './synth-cache.ts';

/** Which app is run locally, and how it is synthesized. */
export interface ProjectOptions {
  /** Folder with cdk.json. @default the present one */
  project?: string;
  /** Command that synthesizes the app. @default `app` of cdk.json */
  app?: string;
  /** The environment that the app is synthesized in: deploy-time settings. @default that of this process */
  env?: NodeJS.ProcessEnv;
  /** Cancels the synthesis. @default never */
  signal?: AbortSignal;
}

/**
 * Synthesizes a project's app for a local run, once for the same files and settings where cdk.json says what it is made of
 * (`watch`, see synth-cache.ts).
 * @param outdir is emptied first.
 * @throws what {@link synthesize} throws.
 */
export async function synthesizeProject(outdir: string, options: ProjectOptions): Promise<Assembly> {
  const { project = process.cwd(), env = process.env, signal } = options;
  const { app, context, watch }: CdkJson =
    options.app === undefined ? readCdkJson(project) : { app: options.app, context: {} };
  // Paths of constructs name functions in the log; cdk.json may leave them out of what is deployed.
  const local = { ...context, 'aws:cdk:enable-path-metadata': true };
  const synth = { command: app, cwd: project, outdir, env, context: local, signal };
  await (watch ? synthesizeOnce(synth, watch) : synthesize(synth));
  return readAssembly(outdir);
}
