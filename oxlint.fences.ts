import type { OxlintOverride } from 'oxlint';

// Who may import what: docs/design.md §4 as rules of lint. test/architecture.test.ts plants a breach of every pattern.

/** What must not stand between the quotation marks of an import, and the message that teaches. */
export type Pattern = readonly [restricted: RegExp, message: string];

export interface Fence {
  files: string[];
  ignores?: string[];
  patterns: Pattern[];
}

const STAGES = ['ingest', 'fan-out', 'sender', 'api', 'subscription-guard', 'statistics', 'recovery'];

const into = (folders: string[]): RegExp => new RegExp(`(^|/)(${folders.join('|')})/`);
const climbingTo = (folders: string[]): RegExp => new RegExp(`^(\\.\\./)+(${folders.join('|')})/`);

const cdk: Pattern = [/^(aws-cdk-lib|constructs)(\/|$)/, 'What runs in AWS never imports the CDK: put it in lib/.'];
const outside: Pattern = [
  climbingTo(['bin', 'lib', 'local', 'bench', 'test', 'scripts', 'receiver']),
  'What runs in AWS imports only from lambdas/: nothing that builds, runs or proves it.',
];
const network: Pattern = [
  /^(undici(\/.*)?|(node:)?(http|https|http2|net|tls|dns|dgram)(\/.*)?)$/,
  'Only lambdas/sender/outgoing.ts opens connections to customers: everything else goes through it, so that nothing passes the guard.',
];
const otherStages = (own: string): Pattern => [
  into(STAGES.filter((stage) => stage !== own)),
  'No stage imports another: share through domain/, stores/ or runtime/.',
];
const anyStage: Pattern = [into(STAGES), 'Shared code does not know the stages.'];
const adapters: Pattern = [
  /^[@#](aws-sdk|middy|smithy)\/|(^|\/)(stores\/dynamodb|runtime|queues|aws)\//,
  'Stage logic knows domain and store interfaces only; handler.ts wires the adapters.',
];
const rooms = (...names: string[]): Pattern => [
  into(names),
  `Not from ${names.join(', ')}: this room stands below them.`,
];

const OUTGOING = ['lambdas/sender/outgoing.ts', 'lambdas/sender/outgoing/**'];
const DISPATCH = 'lambdas/api/http/dispatch.ts';
/** Where digests are computed: that is all that domain may take from Node. */
const DIGESTS = ['lambdas/domain/secrets/signature.ts', 'lambdas/domain/operational.ts'];
const DOMAIN_PACKAGES = ['@cfworker/json-schema', 'fastest-levenshtein', 'ipaddr\\.js', 'ulid'];
const domain = (packages: string[]): Pattern[] => [
  [into(['stores', 'runtime', 'queues', 'aws', ...STAGES]), 'domain imports nothing outside itself.'],
  [
    new RegExp(`^(?!\\.|(${packages.join('|')})$)`),
    'domain is pure: no AWS, no environment, no clock, no network; of packages only those that compute.',
  ],
  outside,
];

/** No file is under two fences: lint would take the last one alone. */
export const FENCES: Fence[] = [
  { files: ['lambdas/domain/**/*.ts'], ignores: DIGESTS, patterns: domain(DOMAIN_PACKAGES) },
  { files: DIGESTS, patterns: domain([...DOMAIN_PACKAGES, 'node:crypto']) },
  ...STAGES.flatMap((stage) => [
    { files: [`lambdas/${stage}/handler.ts`], patterns: [cdk, outside, network, otherStages(stage)] },
    {
      files: [`lambdas/${stage}/**/*.ts`],
      ignores: [`lambdas/${stage}/handler.ts`, DISPATCH, ...OUTGOING],
      patterns: [cdk, outside, network, adapters, otherStages(stage)],
    },
  ]),
  {
    // The frame around all routes: middy and the middlewares of runtime/http, but no adapter.
    files: [DISPATCH],
    patterns: [
      cdk,
      outside,
      network,
      otherStages('api'),
      [/^[@#](aws-sdk|smithy)\/|(^|\/)(stores\/dynamodb|queues|aws)\//, 'handler.ts wires the adapters.'],
    ],
  },
  {
    files: OUTGOING,
    patterns: [
      cdk,
      outside,
      otherStages('sender'),
      [
        /^[@#](aws-sdk|middy|smithy)\/|(^|\/)(stores|runtime|queues|aws)\//,
        'Outgoing connections know addresses and deadlines, nothing of AWS or of what is sent.',
      ],
    ],
  },
  {
    files: ['lambdas/stores/*.ts'],
    patterns: [
      cdk,
      outside,
      network,
      anyStage,
      [
        /^[@#](aws-sdk|middy|smithy)\/|(^|\/)(dynamodb|runtime|queues|aws)\//,
        'Interfaces of stores do not know who keeps them.',
      ],
    ],
  },
  {
    files: ['lambdas/stores/dynamodb/**'],
    patterns: [cdk, outside, network, anyStage, rooms('runtime', 'queues', 'aws')],
  },
  { files: ['lambdas/queues/**'], patterns: [cdk, outside, network, anyStage, rooms('stores/dynamodb')] },
  { files: ['lambdas/runtime/**'], patterns: [cdk, outside, network, anyStage, rooms('stores/dynamodb', 'queues')] },
  {
    files: ['lambdas/aws/*.ts', 'lambdas/aws/on-demand/**'],
    patterns: [cdk, outside, network, anyStage, rooms('runtime', 'queues')],
  },
  // Calls AWS at endpoints that come from the environment, never at addresses that a customer typed.
  { files: ['lambdas/aws/fast-path/**'], patterns: [cdk, outside, anyStage, rooms('runtime', 'queues')] },
  {
    files: ['lib/**/*.ts'],
    patterns: [
      [
        /(^|\/)lambdas\/(?!runtime\/env\.ts$|domain\/messages\/messages\.ts$|domain\/limits\.ts$)/,
        'lib/ takes from lambdas/ only env names, message types and limits.',
      ],
      [climbingTo(['bin', 'local', 'bench', 'test', 'scripts', 'console', 'receiver']), 'lib/ is what exists in AWS.'],
    ],
  },
  {
    files: ['bin/**/*.ts'],
    patterns: [
      [climbingTo(['lambdas', 'local', 'bench', 'test']), 'bin/ reads settings and puts the stacks of lib/ together.'],
    ],
  },
  {
    files: ['local/**/*.ts'],
    ignores: ['local/test/**'],
    patterns: [
      [
        /^(\.\.\/)+(bin|lib|bench|test|console|receiver|lambdas\/(?!domain\/formats\/names\.ts$))/,
        'local/ runs what the template says, and knows nothing else of the app.',
      ],
    ],
  },
  {
    files: ['console/src/**', 'receiver/src/**'],
    patterns: [
      [
        climbingTo(['bin', 'lib', 'lambdas', 'local', 'bench', 'test', 'scripts', 'console', 'receiver']),
        'A package of its own: it knows the platform by its HTTP API alone.',
      ],
    ],
  },
];

/** What the linter is told: one override of its configuration for each fence. */
export const fences = FENCES.map(({ files, ignores = [], patterns }): OxlintOverride => ({
  files,
  excludeFiles: ignores,
  rules: {
    'eslint-js/no-restricted-imports': [
      'error',
      { patterns: patterns.map(([{ source: regex }, message]) => ({ regex, message })) },
    ],
  },
}));
