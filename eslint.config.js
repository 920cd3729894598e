import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';
import regexp from 'eslint-plugin-regexp';

/** One rule of docs/design.md §4: files under `files` may not import what `patterns` name; `why` teaches. */
const forbid = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: patterns.map(([names, message]) =>
          names instanceof RegExp ? { regex: names.source, message } : { group: names, message },
        ),
      },
    ],
  },
});

const askOwnNames = {
  selector: 'BinaryExpression[operator="in"]:not([left.type="Literal"])',
  message: 'Users choose names: "constructor" is in every object. Ask Object.hasOwn, or use a Map.',
};

const cdk = [['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'], 'What runs in AWS never imports the CDK: put it in lib/.'];
const outgoing = [
  /^(undici|(node:)?(http|https|http2|net|tls|dns)(\/.*)?)$/,
  'Only lambdas/sender/outgoing.ts opens connections to customers: everything else goes through it, so that nothing passes the guard.',
];
const otherStages = (stage) =>
  ['ingest', 'fan-out', 'sender', 'api', 'subscription-guard', 'recovery']
    .filter((s) => s !== stage)
    .map((s) => `**/${s}/**`);
const adapters = [
  ['@aws-sdk/*', '@middy/*', '**/stores/dynamodb/**', '**/runtime/**', '**/queues/**', '**/aws/**'],
  'Stage logic knows domain and store interfaces only; handler.ts wires the adapters.',
];
const stage = (name) => [
  forbid(
    [`lambdas/${name}/handler.ts`],
    [cdk, outgoing, [otherStages(name), 'No stage imports another: share through domain/, stores/ or runtime/.']],
  ),
  forbid(
    [`lambdas/${name}/**/*.ts`],
    [
      cdk,
      outgoing,
      adapters,
      [otherStages(name), 'No stage imports another: share through domain/, stores/ or runtime/.'],
    ],
    [
      `lambdas/${name}/handler.ts`,
      'lambdas/api/http/dispatch.ts',
      'lambdas/sender/outgoing.ts',
      'lambdas/sender/outgoing/**',
    ],
  ),
];

export default tseslint.config(
  {
    ignores: [
      'cdk.out',
      '.local',
      'coverage',
      'node_modules',
      'console/dist',
      'receiver/dist',
      '**/*.generated.ts',
      '**/*.mjs',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked.map((c) => ({ ...c, files: ['**/*.ts', '**/*.tsx'] })),
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './console/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/extensions': ['.ts', '.tsx'],
    },
    rules: {
      'import-x/no-cycle': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/require-await': 'off',
      // Stores and the like are plain objects of functions; none uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-globals': [
        'error',
        {
          name: 'fetch',
          message: 'Lambdas open no connections of their own; tests and local/ may disable this rule with a reason.',
        },
      ],
      'no-restricted-syntax': ['error', askOwnNames],
      'no-console': 'off',
    },
  },
  {
    files: ['test/**', 'local/**', 'bench/**', 'scripts/**', 'console/**', 'receiver/**'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['test/**/*.ts', '*/test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        askOwnNames,
        {
          selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo)$/]',
          message: 'No focused or skipped tests.',
        },
      ],
    },
  },
  {
    // What strangers' text runs through. In doubt a regular expression is taken for dangerous: rewrite it.
    files: ['lambdas/**/*.ts', 'receiver/src/**/*.ts', 'console/src/**/*.ts', 'console/src/**/*.tsx'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: false, ignorePartial: false }],
    },
  },
  forbid(
    ['lambdas/domain/**/*.ts'],
    [
      cdk,
      [
        ['@aws-sdk/*', '@middy/*', 'node:*', '**/stores/**', '**/runtime/**', '**/queues/**', '**/aws/**', 'undici'],
        'domain is pure: no AWS, no environment, no clock, no network.',
      ],
      [otherStages(''), 'domain imports nothing outside itself.'],
    ],
    ['lambdas/domain/secrets/signature.ts'],
  ),
  ...['ingest', 'fan-out', 'sender', 'api', 'subscription-guard', 'recovery'].flatMap(stage),
  forbid(
    ['lambdas/stores/**/*.ts', 'lambdas/runtime/**/*.ts', 'lambdas/queues/**/*.ts', 'lambdas/aws/*.ts'],
    [cdk, outgoing, [otherStages(''), 'Shared code does not know the stages.']],
  ),
  // Calls AWS at endpoints that come from the environment, never at addresses that a customer typed.
  forbid(['lambdas/aws/fast-path/**/*.ts'], [cdk, [otherStages(''), 'Shared code does not know the stages.']]),
  forbid(
    ['lib/**/*.ts'],
    [
      [
        ['**/lambdas/!(runtime|domain)/**', '**/lambdas/runtime/!(env).ts', '**/lambdas/domain/!(messages).ts'],
        'lib/ takes from lambdas/ only env names and message types.',
      ],
    ],
  ),
);
