import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './synth.ts';

/** One resource as CloudFormation would read it, intrinsics unresolved. */
export interface RawResource {
  Type: string;
  Properties?: Record<string, unknown>;
  Condition?: string;
  Metadata?: Record<string, unknown>;
}

/** The parts of a CloudFormation template that a local run reads. */
export interface Template {
  Resources?: Record<string, RawResource>;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown }; Condition?: string }>;
  Parameters?: Record<string, { Type: string; Default?: unknown }>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Conditions?: Record<string, unknown>;
  Transform?: unknown;
}

/** A synthesized stack. */
export interface Stack {
  name: string;
  template: Template;
  /** Folder of each asset, by the S3 object key that the template names. */
  assets: Map<string, string>;
}

/** A synthesized app: its stacks, those that others depend on first. */
export interface Assembly {
  stacks: Stack[];
  account: string;
  region: string;
}

interface Artifact {
  type: string;
  environment?: string;
  dependencies?: string[];
  properties?: { templateFile?: string; stackName?: string; file?: string; directoryName?: string };
}
interface AssetManifest {
  files?: Record<string, { source: { path?: string }; destinations: Record<string, { objectKey: string }> }>;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Reads a cloud assembly folder. @throws when stacks belong to different accounts or regions. */
export function readAssembly(folder: string): Assembly {
  const { artifacts = {} } = readJson(join(folder, 'manifest.json')) as { artifacts?: Record<string, Artifact> };
  const stacks: Stack[] = [];
  const places = new Set<string>();
  const seen = new Set<string>();
  const visit = (id: string): void => {
    const artifact = artifacts[id];
    if (!artifact || seen.has(id)) return;
    seen.add(id);
    artifact.dependencies?.forEach(visit);
    const { templateFile, stackName, directoryName } = artifact.properties ?? {};
    if (artifact.type === 'cdk:cloud-assembly' && directoryName) {
      const inner = readAssembly(join(folder, directoryName));
      stacks.push(...inner.stacks);
      places.add(`${inner.account}/${inner.region}`);
    }
    if (artifact.type !== 'aws:cloudformation:stack' || !templateFile) return;
    places.add(placeOf(artifact.environment));
    const template = readJson(join(folder, templateFile)) as Template;
    stacks.push({ name: stackName ?? id, template, assets: readAssets(folder, artifact, artifacts) });
  };
  Object.keys(artifacts).forEach(visit);
  if (stacks.length === 0) throw new Error(`Expected at least one stack in the cloud assembly ${folder}, found none.`);
  if (places.size > 1) {
    throw new Error(`A local run has one account and one region, but the stacks name ${[...places].join(', ')}.`);
  }
  const [account = LOCAL_ACCOUNT, region = LOCAL_REGION] = [...places][0]?.split('/') ?? [];
  return { stacks, account, region };
}

/** `aws://<account>/<region>`, where either may be unknown, as `<account>/<region>`. */
function placeOf(environment = ''): string {
  const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
  return `${/^\d{12}$/.test(account) ? account : LOCAL_ACCOUNT}/${region && !region.startsWith('unknown') ? region : LOCAL_REGION}`;
}

function readAssets(folder: string, stack: Artifact, artifacts: Record<string, Artifact>): Map<string, string> {
  const assets = new Map<string, string>();
  for (const id of stack.dependencies ?? []) {
    const file = artifacts[id]?.type === 'cdk:asset-manifest' ? artifacts[id].properties?.file : undefined;
    if (!file) continue;
    for (const { source, destinations } of Object.values((readJson(join(folder, file)) as AssetManifest).files ?? {})) {
      if (!source.path) continue;
      for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, resolve(folder, source.path));
    }
  }
  return assets;
}
