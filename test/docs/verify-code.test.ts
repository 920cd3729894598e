import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { beforeAll, describe, expect, it } from 'vitest';

// The code of docs/verify/, as a customer's developer copies it, against requests that a public library signs. Each language
// runs where its tools are; Node always.

const CODE = join(import.meta.dirname, '../../docs/verify');
const out = mkdtempSync(join(tmpdir(), 'verify-'));
const [SECRET, OTHER] = ['n', 'o'].map((letter) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`) as [
  string,
  string,
];
const BODY = '{"id":"28540","note":"Zoë – 日本"}';

interface Language {
  name: string;
  /** Says whether the tools are here. */
  probe: [string, ...string[]];
  /** Makes something to run of the code. Absent: the code runs as it is. */
  build?: [string, ...string[]];
  run: [string, ...string[]];
}

/** For a Java that ends at once: no threads that compile and collect what will not come again, half of its time. */
const BRIEFLY = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** Python itself: `python3` may be a script that looks for it each time. Without what is installed beside it (-S), which nothing here needs. */
const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
const PYTHON = python.status === 0 ? python.stdout.trim() : 'python3';

const LANGUAGES: Language[] = [
  { name: 'Node', probe: [process.execPath, '--version'], run: [process.execPath, join(CODE, 'verify.mjs')] },
  { name: 'Python', probe: [PYTHON, '--version'], run: [PYTHON, '-S', join(CODE, 'verify.py')] },
  {
    name: 'Go',
    probe: ['go', 'version'],
    build: ['go', 'build', '-o', join(out, 'verify-go'), join(CODE, 'verify.go')],
    run: [join(out, 'verify-go')],
  },
  {
    name: 'Java',
    // It would start a Java of its own to say its version.
    probe: ['sh', '-c', 'command -v javac'],
    build: ['javac', ...BRIEFLY.map((option) => `-J${option}`), '-d', out, join(CODE, 'Verify.java')],
    run: ['java', ...BRIEFLY, '-cp', out, 'Verify'],
  },
  { name: 'C#', probe: ['dotnet', '--version'], run: ['dotnet', 'run', join(CODE, 'Verify.cs'), '--'] },
  {
    name: 'C# of Mono',
    probe: ['mcs', '--version'],
    build: ['mcs', `-out:${join(out, 'Verify.exe')}`, join(CODE, 'Verify.cs')],
    run: ['mono', join(out, 'Verify.exe')],
  },
  { name: 'PHP', probe: ['php', '--version'], run: ['php', join(CODE, 'verify.php')] },
  { name: 'Ruby', probe: ['ruby', '--version'], run: ['ruby', join(CODE, 'verify.rb')] },
];
const isHere = ({ probe: [tool, ...args] }: Language): boolean => spawnSync(tool, args).status === 0;

interface Request {
  secret: string;
  id: string;
  at: number;
  signature: string;
  body: string;
}

/** A request that was made so many seconds ago. */
function aRequest(change: Partial<Request> = {}, secondsAgo = 0): Request {
  const at = Math.floor(Date.now() / 1000) - secondsAgo;
  const signature = new Webhook(SECRET).sign('evt_1', new Date(at * 1000), BODY);
  return { secret: SECRET, id: 'evt_1', at, signature, body: BODY, ...change };
}

const CASES: [what: string, make: () => Request, accepted: boolean][] = [
  ['a request as it came', () => aRequest(), true],
  ['one with an older signature first', () => ({ ...aRequest(), signature: `v1,AAAA ${aRequest().signature}` }), true],
  [
    'one with a signature of another version',
    () => aRequest({ signature: `v1a,${aRequest().signature.slice(3)}` }),
    false,
  ],
  ['a changed body', () => aRequest({ body: BODY.replace('28540', '28541') }), false],
  ['a body with a line end', () => aRequest({ body: `${BODY}\n` }), false],
  ['another id', () => aRequest({ id: 'evt_2' }), false],
  ['a changed time', () => aRequest({ at: Math.floor(Date.now() / 1000) - 1 }), false],
  ['another secret', () => aRequest({ secret: OTHER }), false],
  ['an old request', () => aRequest({}, 400), false],
  ['one from a clock ahead', () => aRequest({}, -400), false],
];

const here = LANGUAGES.filter(isHere);
const absent = LANGUAGES.filter((language) => !here.includes(language));
if (absent.length > 0) console.log(`Left out, their tools are not here: ${absent.map(({ name }) => name).join(', ')}.`);

it('runs the code for Node, whatever else is left out', () => {
  expect(here.map(({ name }) => name)).toContain('Node');
});

describe.each(here)('the code for $name', (language) => {
  beforeAll(() => {
    if (!language.build) return;
    const [tool, ...args] = language.build;
    execFileSync(tool, args, { stdio: 'pipe' });
  });

  it.each(CASES)('and %s', (_what, make, accepted) => {
    const { secret, id, at, signature, body } = make();
    const [tool, ...args] = language.run;

    const { status, stderr } = spawnSync(tool, [...args, secret, id, String(at), signature], { input: body });

    expect(stderr.toString()).toBe('');
    expect(status === 0).toBe(accepted);
  });
});
