import { globSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FENCES, type Fence } from '../oxlint.fences.ts';
import { circlesOf } from './support/circles.ts';
import { lintAsIfHere, type Complaint } from './support/lint.ts';

// Each fence of oxlint.fences.ts refuses what it is there for: a breach of every pattern is planted and linted as if it
// stood in that file, by the real command.

const PROJECT = join(import.meta.dirname, '..');
const STAGES = ['ingest', 'fan-out', 'sender', 'api', 'subscription-guard', 'statistics', 'recovery'];

/** What is planted, by file: one line each, and all of it is linted in one run. */
const planted = new Map<string, string[]>();
let complaints: Map<string, Complaint[]>;

/** @returns asks what lint says of that line, of the rules about imports and syntax. */
function plant(file: string, line: string): () => string[] {
  const lines = planted.get(file) ?? [];
  planted.set(file, lines);
  const number = lines.push(line);
  return () =>
    complaints
      .get(file)!
      .filter(({ rule, line }) => line === number && /no-restricted-(imports|syntax)/.test(rule))
      .map(({ message }) => message);
}

beforeAll(() => {
  complaints = lintAsIfHere(new Map([...planted].map(([file, lines]) => [file, lines.join('\n')])));
});

let names = 0;
/** A name that no other line has: code that declares one twice is not read at all. */
const newName = (): string => `x${(names += 1)}`;
const importing = (from: string): string =>
  `import { x as ${newName()} } from '${from}'; import type { y as ${newName()} } from './own.ts';`;
const fenceOf = (file: string): Fence[] =>
  FENCES.filter(
    ({ files, ignores = [] }) =>
      files.some((glob) => matchesGlob(file, glob)) && !ignores.some((glob) => matchesGlob(file, glob)),
  );

/** [file, what it must not import, words of the message that teaches] */
const PLANTS: [file: string, from: string, why: string][] = [
  ['lambdas/domain/event.ts', '../stores/events.ts', 'nothing outside itself'],
  ['lambdas/domain/json/scan.ts', '../../runtime/random.ts', 'nothing outside itself'],
  ['lambdas/domain/event.ts', 'node:crypto', 'domain is pure'],
  ['lambdas/domain/event.ts', '@aws-sdk/client-sqs', 'domain is pure'],
  ['lambdas/domain/event.ts', 'zod', 'domain is pure'],
  ['lambdas/domain/event.ts', '../../lib/settings.ts', 'nothing that builds, runs or proves it'],
  ['lambdas/domain/secrets/signature.ts', '../../stores/secrets.ts', 'nothing outside itself'],
  ['lambdas/domain/secrets/signature.ts', 'node:https', 'domain is pure'],
  [
    'lambdas/domain/secrets/signature.ts',
    '../../../test/support/wait-for.ts',
    'nothing that builds, runs or proves it',
  ],
  ...STAGES.flatMap((stage): typeof PLANTS =>
    ['handler.ts', 'work.ts'].flatMap((name): typeof PLANTS => [
      [`lambdas/${stage}/${name}`, 'aws-cdk-lib/aws-lambda', 'never imports the CDK'],
      [`lambdas/${stage}/${name}`, '../../local/clock.ts', 'nothing that builds, runs or proves it'],
      [`lambdas/${stage}/${name}`, 'node:https', 'nothing passes the guard'],
      [`lambdas/${stage}/${name}`, `../${stage === 'api' ? 'sender' : 'api'}/work.ts`, 'No stage imports another'],
    ]),
  ),
  ...STAGES.flatMap((stage): typeof PLANTS => [
    [`lambdas/${stage}/deep/work.ts`, '../../stores/dynamodb/events.ts', 'handler.ts wires the adapters'],
    [`lambdas/${stage}/work.ts`, '@aws-sdk/client-sqs', 'handler.ts wires the adapters'],
    [`lambdas/${stage}/work.ts`, '../runtime/logger.ts', 'handler.ts wires the adapters'],
    [`lambdas/${stage}/work.ts`, '../queues/send.ts', 'handler.ts wires the adapters'],
    [`lambdas/${stage}/work.ts`, '../aws/clients.ts', 'handler.ts wires the adapters'],
  ]),
  ['lambdas/api/http/dispatch.ts', 'constructs', 'never imports the CDK'],
  ['lambdas/api/http/dispatch.ts', '../../../bench/run.ts', 'nothing that builds, runs or proves it'],
  ['lambdas/api/http/dispatch.ts', 'undici', 'nothing passes the guard'],
  ['lambdas/api/http/dispatch.ts', '../../sender/sender.ts', 'No stage imports another'],
  ['lambdas/api/http/dispatch.ts', '../../stores/dynamodb/events.ts', 'wires the adapters'],
  ...['lambdas/sender/outgoing.ts', 'lambdas/sender/outgoing/dial.ts'].flatMap((file): typeof PLANTS => [
    [file, 'aws-cdk-lib', 'never imports the CDK'],
    [file, '../../../scripts/keys.ts', 'nothing that builds, runs or proves it'],
    [file, '../../api/routes.ts', 'No stage imports another'],
    [file, '../../stores/dynamodb/secrets.ts', 'nothing of AWS or of what is sent'],
    [file, '../../stores/secrets.ts', 'nothing of AWS or of what is sent'],
    [file, '../../aws/clients.ts', 'nothing of AWS or of what is sent'],
  ]),
  ...(
    [
      ['lambdas/stores/events.ts', './dynamodb/events.ts', 'do not know who keeps them'],
      ['lambdas/stores/dynamodb/events.ts', '../../runtime/env.ts', 'stands below'],
      ['lambdas/queues/send.ts', '../stores/dynamodb/events.ts', 'stands below'],
      ['lambdas/runtime/http/body.ts', '../../stores/dynamodb/events.ts', 'stands below'],
      ['lambdas/aws/clients.ts', '../runtime/env.ts', 'stands below'],
    ] as typeof PLANTS
  ).flatMap(([file, from, why]): typeof PLANTS => [
    [file, from, why],
    [file, 'aws-cdk-lib/aws-sqs', 'never imports the CDK'],
    [file, '../../../../lib/settings.ts', 'nothing that builds, runs or proves it'],
    [file, 'node:net', 'nothing passes the guard'],
    [file, '../sender/sender.ts', 'does not know the stages'],
  ]),
  ['lambdas/aws/fast-path/post.ts', 'aws-cdk-lib', 'never imports the CDK'],
  ['lambdas/aws/fast-path/post.ts', '../../../local/clock.ts', 'nothing that builds, runs or proves it'],
  ['lambdas/aws/fast-path/post.ts', '../../sender/outgoing.ts', 'does not know the stages'],
  ['lambdas/aws/fast-path/post.ts', '../../queues/send.ts', 'stands below'],
  ['lib/settings.ts', '../lambdas/sender/sender.ts', 'only env names, message types and limits'],
  ['lib/stages/api.ts', '../../lambdas/queues/send.ts', 'only env names, message types and limits'],
  ['lib/stages/api.ts', '../../lambdas/domain/endpoint/circuit.ts', 'only env names, message types and limits'],
  ['lib/settings.ts', '../local/clock.ts', 'what exists in AWS'],
  ['bin/posthorn.ts', '../lambdas/runtime/env.ts', 'puts the stacks of lib/ together'],
  ['local/platform.ts', '../lib/settings.ts', 'knows nothing else of the app'],
  ['local/sqs/engine.ts', '../../lambdas/runtime/logger.ts', 'knows nothing else of the app'],
  ['console/src/app.tsx', '../../lambdas/domain/event.ts', 'by its HTTP API alone'],
  ['receiver/src/node.ts', '../../lambdas/domain/secrets/signature.ts', 'by its HTTP API alone'],
];

describe('lint refuses', () => {
  it.each(PLANTS.map(([file, from, why]) => ({ file, from, why, complaints: plant(file, importing(from)) })))(
    'in $file an import of $from',
    ({ why, complaints }) => {
      expect(complaints()).toEqual([expect.stringContaining(why)]);
    },
  );

  it.each(
    ['lambdas/sender/sender.ts', 'lib/settings.ts', 'receiver/src/node.ts'].map((file) => ({
      file,
      complaints: plant(file, `export const ${newName()} = await import('undici');`),
    })),
  )('in $file an import that the fences would not see', ({ complaints }) => {
    expect(complaints()).toEqual([expect.stringContaining('Import at the top')]);
  });

  const asking = (file: string, asked: string) =>
    plant(file, `export const ${newName()} = (name: string, o: object) => ${asked};`);

  it.each(
    ['lambdas/sender/settle.ts', 'console/src/app.tsx', 'local/gateway/event.ts', 'test/support/api.ts'].map(
      (file) => ({ file, unknown: asking(file, 'name in o'), known: asking(file, '"reason" in o') }),
    ),
  )('in $file to ask an object for a name by `in`', ({ unknown, known }) => {
    expect(unknown()).toEqual([expect.stringContaining('Object.hasOwn')]);
    expect(known()).toEqual([]);
  });

  it.each(
    ['test/domain/event.test.ts', 'console/test/log.test.ts', 'bench/proof/proof.test.ts'].flatMap((file) =>
      ['it.only', 'test.skip', 'describe.todo'].map((what) => ({
        file,
        what,
        complaints: plant(file, `${what}('is left out', () => undefined);`),
      })),
    ),
  )('in $file $what', ({ complaints }) => {
    expect(complaints()).toEqual([expect.stringContaining('No focused or skipped tests')]);
  });
});

describe('lint allows', () => {
  const allowed = [
    ['lambdas/domain/secrets/signature.ts', 'node:crypto'],
    ['lambdas/domain/json/scan.ts', './tokens.ts'],
    ['lambdas/domain/ids.ts', 'ulid'],
    ['lambdas/sender/send.ts', '../stores/attempts.ts'],
    ['lambdas/sender/handler.ts', '../stores/dynamodb/attempts.ts'],
    ['lambdas/sender/outgoing/connection.ts', './undici.ts'],
    ['lambdas/api/http/dispatch.ts', '../../runtime/http/body.ts'],
    ['lambdas/sender/outgoing/undici.ts', 'undici/lib/dispatcher/client.js'],
    ['lambdas/aws/fast-path/connection.ts', 'node:tls'],
    ['lib/stages/sender.ts', '../../lambdas/runtime/env.ts'],
    ['lib/stages/sender.ts', '../../lambdas/domain/limits.ts'],
    ['local/demo/receiver.ts', '../../lambdas/domain/formats/names.ts'],
  ] as const;

  it.each(allowed.map(([file, from]) => ({ file, from, complaints: plant(file, importing(from)) })))(
    'in $file an import of $from',
    ({ complaints }) => {
      expect(complaints()).toEqual([]);
    },
  );
});

describe('the fences', () => {
  const files = globSync('{lambdas,lib,bin,local,console/src,receiver/src}/**/*.{ts,tsx}', { cwd: PROJECT }).filter(
    (file) => !/(^|\/)(node_modules|dist|test)\/|\.d\.ts$/.test(file),
  );

  it('stand around every file of the product, and no file stands behind two', () => {
    expect(files.length).toBeGreaterThan(300);
    for (const file of files) expect(fenceOf(file), file).toHaveLength(1);
  });

  it('have each pattern tried by a breach above', () => {
    const tried = new Set(PLANTS.map(([file, from]) => patternsOf(file, from)).flat());

    for (const fence of FENCES) {
      for (const [pattern, why] of fence.patterns)
        expect(tried.has(keyOf(fence, pattern)), `${fence.files[0]}: ${why}`).toBe(true);
    }
  });
});

const keyOf = (fence: Fence, pattern: RegExp): string => `${fence.files.join()} ${pattern.source}`;

function patternsOf(file: string, from: string): string[] {
  return fenceOf(file).flatMap((fence) =>
    fence.patterns.filter(([pattern]) => pattern.test(from)).map(([pattern]) => keyOf(fence, pattern)),
  );
}

describe('files', () => {
  it('import each other in no circle, of types neither', () => {
    const paths = globSync('{bench,bin,console,construct,lambdas,lib,local,receiver,scripts,test}/**/*.{ts,tsx}', {
      cwd: PROJECT,
      exclude: ['**/node_modules/**', '**/dist/**'],
    });
    const files = new Map(paths.map((path) => [path, readFileSync(join(PROJECT, path), 'utf8')]));

    expect(files.size).toBeGreaterThan(1000);
    expect(circlesOf(files)).toEqual([]);
  });

  it('that do are found', () => {
    const files = new Map([
      ['a/one.ts', "import type { Two } from '../b/two.ts';\nexport type One = Two;"],
      ['b/two.ts', "export * from './three.ts';"],
      ['b/three.ts', "export const three = () => import('../a/one.ts');"],
      ['b/beside.ts', "import { three } from './three.ts';\nthree();"],
    ]);

    expect(circlesOf(files)).toEqual([['a/one.ts', 'b/three.ts', 'b/two.ts']]);
  });
});
