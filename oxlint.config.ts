import { fileURLToPath } from 'node:url';
import { defineConfig } from 'oxlint';
import { fences } from './oxlint.fences.ts';

// Every rule by its name: what a newer version of the linter recommends is adopted by a commit, never by an update.
// test/lint.test.ts plants a breach of each (docs/adr/0077-types-and-lint-by-native-tools.md).

/** typescript-eslint's `recommendedTypeChecked`; without `require-await`, and without `unbound-method`: stores and the like are plain objects of functions, and none uses `this`. */
const RECOMMENDED = [
  'no-array-constructor',
  'no-unused-expressions',
  'no-var',
  'prefer-const',
  'prefer-rest-params',
  'prefer-spread',
  ...[
    'await-thenable',
    'ban-ts-comment',
    'no-array-delete',
    'no-base-to-string',
    'no-duplicate-enum-values',
    'no-duplicate-type-constituents',
    'no-empty-object-type',
    'no-explicit-any',
    'no-extra-non-null-assertion',
    'no-floating-promises',
    'no-for-in-array',
    'no-implied-eval',
    'no-misused-new',
    'no-misused-promises',
    'no-namespace',
    'no-non-null-asserted-optional-chain',
    'no-redundant-type-constituents',
    'no-require-imports',
    'no-this-alias',
    'no-unnecessary-type-assertion',
    'no-unnecessary-type-constraint',
    'no-unsafe-argument',
    'no-unsafe-assignment',
    'no-unsafe-call',
    'no-unsafe-declaration-merging',
    'no-unsafe-enum-comparison',
    'no-unsafe-function-type',
    'no-unsafe-member-access',
    'no-unsafe-return',
    'no-unsafe-unary-minus',
    'no-wrapper-object-types',
    'only-throw-error',
    'prefer-as-const',
    'prefer-namespace-keyword',
    'prefer-promise-reject-errors',
    'restrict-plus-operands',
    'restrict-template-expressions',
    'triple-slash-reference',
  ].map((name) => `typescript/${name}`),
];

const GENERATED_MAY_BREAK = [
  ...RECOMMENDED,
  'typescript/consistent-type-imports',
  'no-unused-vars',
  'no-restricted-globals',
  'eslint-js/no-restricted-syntax',
  'eslint-js/no-restricted-imports',
  'regexp/no-super-linear-backtracking',
  'regexp/no-super-linear-move',
];

const askOwnNames = {
  selector: 'BinaryExpression[operator="in"]:not([left.type="Literal"])',
  message: 'Users choose names: "constructor" is in every object. Ask Object.hasOwn, or use a Map.',
};

/** Fences see what is imported at the top of a file only. */
const importAtTop = {
  selector: 'ImportExpression',
  message: 'Import at the top of the file, where the fences see it.',
};

const noneLeftOut = {
  selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo)$/]',
  message: 'No focused or skipped tests.',
};

/** Not by name: the tests lint folders of their own with this configuration. */
const pathOf = (specifier: string): string => fileURLToPath(import.meta.resolve(specifier));

export default defineConfig({
  plugins: ['typescript'],
  jsPlugins: [
    { name: 'regexp', specifier: pathOf('eslint-plugin-regexp') },
    // Rules of ESLint that oxlint has no equal of.
    { name: 'eslint-js', specifier: pathOf('./oxlint.eslint.ts') },
  ],
  categories: { correctness: 'off' },
  options: { typeAware: true, reportUnusedDisableDirectives: 'error', denyWarnings: true },
  ignorePatterns: [
    'cdk.out*',
    '.local',
    'coverage',
    'node_modules',
    'console/dist',
    'construct/dist',
    'receiver/dist',
    '**/*.mjs',
  ],
  overrides: [
    {
      files: ['**/*.ts', '**/*.tsx'],
      rules: {
        ...Object.fromEntries(RECOMMENDED.map((name) => [name, 'error'])),
        // Circles of imports are test/architecture.test.ts's to find, of types too.
        'typescript/consistent-type-imports': 'error',
        'no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
        'no-restricted-globals': [
          'error',
          {
            name: 'fetch',
            message: 'Lambdas open no connections of their own; tests and local/ may disable this rule with a reason.',
          },
        ],
        'eslint-js/no-restricted-syntax': ['error', askOwnNames],
      },
    },
    {
      files: ['test/**', 'local/**', 'bench/**', 'scripts/**', 'console/**', 'receiver/**'],
      rules: { 'no-restricted-globals': 'off' },
    },
    {
      files: ['test/**/*.ts', '*/test/**/*.ts', 'bench/**/*.ts'],
      rules: { 'eslint-js/no-restricted-syntax': ['error', askOwnNames, noneLeftOut] },
    },
    {
      // What strangers' text runs through. In doubt a regular expression is taken for dangerous: rewrite it.
      files: ['lambdas/**/*.ts', 'receiver/src/**/*.ts', 'console/src/**/*.ts', 'console/src/**/*.tsx'],
      rules: {
        'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
        'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: false, ignorePartial: false }],
      },
    },
    {
      files: ['lambdas/**/*.ts', 'lib/**/*.ts', 'receiver/src/**/*.ts'],
      rules: { 'eslint-js/no-restricted-syntax': ['error', askOwnNames, importAtTop] },
    },
    {
      // What stands in for AWS's SDK until it is needed loads it then: its only purpose.
      files: ['lambdas/aws/on-demand/*.ts'],
      rules: { 'eslint-js/no-restricted-syntax': ['error', askOwnNames] },
    },
    ...fences,
    // Nobody writes these, but their types are checked with all others (`--type-check`).
    { files: ['**/*.generated.ts'], rules: Object.fromEntries(GENERATED_MAY_BREAK.map((name) => [name, 'off'])) },
  ],
});
