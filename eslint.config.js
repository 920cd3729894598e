import tseslint from 'typescript-eslint';
import regexp from 'eslint-plugin-regexp';
import { fences } from './eslint.fences.js';

const askOwnNames = {
  selector: 'BinaryExpression[operator="in"]:not([left.type="Literal"])',
  message: 'Users choose names: "constructor" is in every object. Ask Object.hasOwn, or use a Map.',
};

/** Fences see what is imported at the top of a file only. */
const importAtTop = {
  selector: 'ImportExpression',
  message: 'Import at the top of the file, where the fences see it.',
};

export default tseslint.config(
  {
    ignores: [
      'cdk.out*',
      '.local',
      'coverage',
      'node_modules',
      'console/dist',
      'construct/dist',
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
    rules: {
      // Circles of imports are test/architecture.test.ts's to find, of types too: for a rule each file is parsed twice.
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
  {
    files: ['lambdas/**/*.ts', 'lib/**/*.ts', 'receiver/src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', askOwnNames, importAtTop] },
  },
  ...fences,
);
