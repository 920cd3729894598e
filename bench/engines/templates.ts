import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../test/support/stacks.ts';
import { python, run } from './tools.ts';

/** W3005: a DependsOn that is implied, which CDK writes. W6001: an ImportValue, by which CDK couples its stacks. */
const KNOWN = ['W3005', 'W6001'];
const REGIONS = ['us-east-1', 'eu-central-1', 'ap-southeast-2'];

/** The templates as deployed, and with every setting at the end of its range that changes most of them. */
const SETTINGS: Record<string, Record<string, string>> = {
  default: {},
  extreme: {
    POSTHORN_SENDER_BATCH_SIZE: '100',
    POSTHORN_SENDER_CONCURRENCY: '1000',
    POSTHORN_FAN_OUT_CONCURRENCY: '1000',
    POSTHORN_PROBE_SECONDS: '3600',
    POSTHORN_RECONCILE_SECONDS: '86400',
    POSTHORN_LOG_RETENTION_DAYS: '3653',
    POSTHORN_ALARM_EMAIL: 'ops@example.org',
    POSTHORN_CLINIC_V1_SUNSET: '2027-06-30',
  },
};

/** Holds both templates against AWS's own schemas of every resource. @throws with cfn-lint's findings. */
export async function lintTemplates(): Promise<string> {
  const folder = await python();
  const work = mkdtempSync(join(tmpdir(), 'posthorn-templates-'));
  try {
    const files = Object.entries(SETTINGS).flatMap(([name, settings]) =>
      Object.entries(synthesize(settings)).map(([stack, template]) => {
        const file = join(work, `${name}-${stack}.template.json`);
        writeFileSync(file, JSON.stringify(template.toJSON()));
        return file;
      }),
    );
    await run(join(folder, 'bin/cfn-lint'), ['-i', ...KNOWN, '-r', ...REGIONS, '-t', ...files]);
    return `no finding in ${files.length} templates for ${REGIONS.length} regions`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
