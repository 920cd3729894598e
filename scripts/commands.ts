// Operators' commands where there is no checkout: `npx posthorn keys list --outputs outputs.json`.

const COMMANDS: Record<string, () => Promise<unknown>> = {
  keys: () => import('./keys.ts'),
  dlq: () => import('./dlq.ts'),
  replay: () => import('./replay.ts'),
  purge: () => import('./purge.ts'),
};

const [name = ''] = process.argv.splice(2, 1);
if (Object.hasOwn(COMMANDS, name)) await COMMANDS[name]!();
else {
  console.error(
    `Expected a command: ${Object.keys(COMMANDS).join(', ')}; each explains itself with --help. Got "${name}".`,
  );
  process.exitCode = 1;
}
