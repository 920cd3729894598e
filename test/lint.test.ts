import { beforeAll, describe, expect, it } from 'vitest';
import config from '../oxlint.config.ts';
import { lintAsIfHere, type Complaint } from './support/lint.ts';

// Each rule of oxlint.config.ts bites: a breach of it is planted, and the real command with the real configuration names it.
// The rules about imports and syntax have their breaches in architecture.test.ts.

/** By rule: a file's code that breaks it, and maybe others. */
const BREACHES: Record<string, string> = {
  'no-array-constructor': 'export const a = new Array(1, 2);',
  'no-unused-expressions': 'export const f = (a: number) => { a + 1; };',
  'no-unused-vars': 'const a = 1; export {};',
  'no-var': 'export var a = 1;',
  'prefer-const': 'let a = 1; export const b = () => a;',
  'prefer-rest-params': 'export function f() { return arguments[0] as string; }',
  'prefer-spread': 'export const f = (a: number[]) => Math.max.apply(Math, a);',
  'typescript/await-thenable': 'export const f = async () => { await 1; };',
  'typescript/ban-ts-comment': "// @ts-ignore\nexport const a: string = 'a';",
  'typescript/consistent-type-imports': "import { Buffer } from 'node:buffer'; export type A = Buffer;",
  'typescript/no-array-delete': 'export const f = (a: number[]) => { delete a[0]; };',
  'typescript/no-base-to-string': 'export const f = (a: { b: number }) => String(a);',
  'typescript/no-duplicate-enum-values': 'export enum E { A = 1, B = 1 }',
  'typescript/no-duplicate-type-constituents': "export type T = 'a' | 'a';",
  'typescript/no-empty-object-type': 'export type T = {};',
  'typescript/no-explicit-any': 'export type T = any;',
  'typescript/no-extra-non-null-assertion': 'export const f = (a?: string) => a!!;',
  'typescript/no-floating-promises': 'Promise.resolve(1);',
  'typescript/no-for-in-array': 'export const f = (a: number[]) => { for (const i in a) console.log(i); };',
  'typescript/no-implied-eval': "setTimeout('a()', 1);",
  'typescript/no-misused-new': 'export interface I { new (): I }',
  'typescript/no-misused-promises': 'export const f = (a: number[]) => { a.forEach(async () => Promise.resolve()); };',
  'typescript/no-namespace': 'export namespace N { export const a = 1; }',
  'typescript/no-non-null-asserted-optional-chain': 'export const f = (a?: { b: string }) => a?.b!;',
  'typescript/no-redundant-type-constituents': 'export type T = unknown | string;',
  'typescript/no-require-imports': "export const a: unknown = require('node:fs');",
  'typescript/no-this-alias': 'export function f(this: object) { const self = this; return () => self; }',
  'typescript/no-unnecessary-type-assertion': 'export const f = (a: string) => a as string;',
  'typescript/no-unnecessary-type-constraint': 'export const f = <T extends unknown>(a: T) => a;',
  'typescript/no-unsafe-argument': "export const a = parseInt(JSON.parse('1'));",
  'typescript/no-unsafe-assignment': "export const a = JSON.parse('1');",
  'typescript/no-unsafe-call': "JSON.parse('1')();",
  'typescript/no-unsafe-declaration-merging': 'export interface A { b: string }\nexport class A {}',
  'typescript/no-unsafe-enum-comparison': 'enum E { A = 1 }\nexport const f = (e: E) => e === 1;',
  'typescript/no-unsafe-function-type': 'export type T = Function;',
  'typescript/no-unsafe-member-access': "console.log(JSON.parse('1').a);",
  'typescript/no-unsafe-return': "export const f = (): string => JSON.parse('1');",
  'typescript/no-unsafe-unary-minus': 'export const f = (a: string) => -a;',
  'typescript/no-wrapper-object-types': 'export type T = String;',
  'typescript/only-throw-error': "export const f = () => { throw 'a'; };",
  'typescript/prefer-as-const': "export const a: 'b' = 'b';",
  'typescript/prefer-namespace-keyword': 'declare module N {}',
  'typescript/prefer-promise-reject-errors': "export const f = () => Promise.reject('a');",
  'typescript/restrict-plus-operands': "export const f = (a: { b: string }) => a + 'b';",
  'typescript/restrict-template-expressions': 'export const f = (a: object) => `${a}`;',
  'typescript/triple-slash-reference': '/// <reference path="./a.ts" />\nexport const a = 1;',
};

const STRANGERS_TEXT = [
  'lambdas/domain/text.ts',
  'receiver/src/text.ts',
  'console/src/text.ts',
  'console/src/text.tsx',
];
const TEXT_OF_OUR_OWN = ['lib/text.ts', 'test/text.ts'];
const BACKTRACKING = 'export const r = /^(a+)+$/;';
const MOVING = 'export const r = /a+$/;';

const files = new Map([
  ...Object.entries(BREACHES).map(([rule, code]) => [`lib/${rule}.ts`, code] as const),
  ...[...STRANGERS_TEXT, ...TEXT_OF_OUR_OWN].map(
    (file) => [file, `${BACKTRACKING}\n${MOVING.replace('r =', 's =')}`] as const,
  ),
  ...['lambdas/calls.ts', 'lib/calls.ts', 'bin/calls.ts', 'local/calls.ts', 'receiver/src/calls.ts'].map(
    (file) => [file, "export const a = fetch('https://example.com');"] as const,
  ),
  ['lib/unused.ts', 'export const f = ({ a, ...rest }: { a: 1; b: 2 }, _b: string) => rest;'],
  ['lib/directive.ts', '// oxlint-disable-next-line no-var\nexport const a = 1;'],
  ['lib/excused.ts', "// oxlint-disable-next-line typescript/ban-ts-comment\n// @ts-ignore\nexport const a = 'a';"],
  ['lib/names.generated.ts', 'export var a = 1;'],
  ['lib/types.ts', "export const a: number = 'a';"],
  ['lib/types.generated.ts', "export var a: number = 'a';"],
  ['lib/expected.ts', '// @ts-expect-error It is none.\nexport const a = 1;'],
  ['lib/missing.ts', "export { a } from './nowhere.ts';"],
]);
let complaints: Map<string, Complaint[]>;
beforeAll(() => {
  // As `npm test` does, which checks types with it, too.
  complaints = lintAsIfHere(files, '--type-check');
});

const rulesIn = (file: string): string[] => complaints.get(file)!.map(({ rule }) => rule);

describe('lint refuses', () => {
  it.each(Object.keys(BREACHES))('what breaks %s', (rule) => {
    expect(rulesIn(`lib/${rule}.ts`)).toContain(rule);
  });

  it.each(STRANGERS_TEXT)('in %s a regular expression that a text can keep busy', (file) => {
    expect(rulesIn(file)).toEqual(['regexp/no-super-linear-backtracking', 'regexp/no-super-linear-move']);
  });

  it.each(['lambdas/calls.ts', 'lib/calls.ts', 'bin/calls.ts'])('in %s to call fetch', (file) => {
    expect(rulesIn(file)).toEqual(['no-restricted-globals']);
  });

  it.each([
    ['lib/types.ts', 'typescript/TS2322'],
    ['lib/types.generated.ts', 'typescript/TS2322'],
    ['lib/expected.ts', 'typescript/TS2578'],
    ['lib/missing.ts', 'typescript/TS2307'],
  ])('in %s a mistake of types', (file, code) => {
    expect(rulesIn(file)).toEqual([code]);
  });

  it('a comment that switches off what does not complain', () => {
    expect(complaints.get('lib/directive.ts')).toHaveLength(1);
  });
});

describe('lint allows', () => {
  it.each([...TEXT_OF_OUR_OWN, 'local/calls.ts', 'receiver/src/calls.ts'])(
    'in %s what only strangers or functions are kept from',
    (file) => {
      expect(rulesIn(file)).toEqual([]);
    },
  );

  it('arguments that are called unused, and members that are taken out of the rest', () => {
    expect(rulesIn('lib/unused.ts')).toEqual([]);
  });

  it('what a comment excuses', () => {
    expect(rulesIn('lib/excused.ts')).toEqual([]);
  });

  it('anything in files that are generated', () => {
    expect(rulesIn('lib/names.generated.ts')).toEqual([]);
  });
});

it('has every rule of the configuration tried', () => {
  const rules = config.overrides.flatMap(({ rules = {} }) => Object.entries(rules as Record<string, unknown>));
  const on = rules.filter(([, setting]) => setting !== 'off').map(([name]) => name);
  const elsewhere = ['eslint-js/no-restricted-imports', 'eslint-js/no-restricted-syntax', 'no-restricted-globals'];
  const regexps = ['regexp/no-super-linear-backtracking', 'regexp/no-super-linear-move'];

  expect([...new Set(on)].sort()).toEqual([...Object.keys(BREACHES), ...elsewhere, ...regexps].sort());
});
