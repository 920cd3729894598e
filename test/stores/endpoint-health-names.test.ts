import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Attributes of the table that no other table has. */
const NAMES =
  /\b(circuit|(failing_since|slow_until|opened|paused|renewed|release|release_step|probed|throttled_until|notified|deactivated|healed)_ms|probe_event|release_(step|pace)|tally_\w+|heal_\w+|untold_\w+|told_exhausted)\b/;
const HOME = 'lambdas/stores/dynamodb/endpoint-health/';

describe('the attributes of the table EndpointHealth', () => {
  it('are written and asked for in one folder', () => {
    const cwd = join(import.meta.dirname, '../..');
    const adapters = globSync('lambdas/stores/dynamodb/**/*.ts', { cwd });
    const naming = adapters.filter((file) => NAMES.test(readFileSync(join(cwd, file), 'utf8')));
    expect(adapters.length).toBeGreaterThan(40);
    expect(naming.length).toBeGreaterThan(4);
    expect(naming.filter((file) => !file.startsWith(HOME))).toEqual([]);
  });
});
