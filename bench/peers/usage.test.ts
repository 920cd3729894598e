import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const USAGE = join(import.meta.dirname, 'usage.ts');

it('kills the processes of a group, and none that it was started through, whose command lines name the group', async () => {
  const name = `victim-${randomUUID()}`;
  const victim = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1e6)', name]);
  await once(victim, 'spawn');
  const died = once(victim, 'exit');
  const code = `import { watchProcesses } from ${JSON.stringify(USAGE)};
    const watch = watchProcesses({ server: process.env.PATTERN });
    console.log(watch.kill('server'));
    watch.close();`;
  // The shell has the name on its command line, as npm has what follows --processes.
  const shell = '"$NODE" --input-type=module -e "$CODE"; echo "and went on"';
  const env = { ...process.env, NODE: process.execPath, CODE: code, PATTERN: name };

  const said = execFileSync('sh', ['-c', shell, name], { env, encoding: 'utf8' });

  expect(said).toBe('1\nand went on\n');
  expect(await died).toEqual([null, 'SIGKILL']);
});
