import type { Settings } from '../../lib/settings.ts';

/** What was asked, or why there is no answer: in words that hold no secret. */
export type Answer<T> = { value: T } | { error: string };

/** Whose credentials these are, and where they point. */
export interface Caller {
  account: string;
  arn: string;
  region: string;
}

/** Of an account in one region (https://docs.aws.amazon.com/lambda/latest/api/API_AccountLimit.html). */
export interface Concurrency {
  /** Functions that run at the same time, at most. */
  limit: number;
  /** What no function has reserved of it. */
  unreserved: number;
}

/** A resource policy of CloudWatch Logs. */
export interface LogPolicy {
  name: string;
  document: string;
}

/** Status of a stack, as `CREATE_COMPLETE`; undefined: there is none of this name. */
export type StackStatus = string | undefined;

/** What is known of an account and region before something is deployed there. */
export interface Facts {
  /** The bootstrap's version; undefined: it was not made. */
  bootstrap: Answer<number | undefined>;
  concurrency: Answer<Concurrency>;
  logPolicies: Answer<LogPolicy[]>;
  /** Names of all tables. */
  tables: Answer<string[]>;
  /** The stack of the functions. */
  stack: Answer<StackStatus>;
  /** The stack of the tables. */
  dataStack: Answer<StackStatus>;
}

/** What is about to be deployed. */
export interface Plan {
  settings: Settings;
  /** CDK's qualifier of the bootstrap, from the context. */
  qualifier: string;
}

/** One line of the report. `stop`: a deployment would fail, or lose something. */
export interface Verdict {
  level: 'ok' | 'warning' | 'stop';
  /** What was looked at. */
  about: string;
  text: string;
}
