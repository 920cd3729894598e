import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { StageFunction } from './function.ts';

/** EventBridge runs nothing more often. */
export const SHORTEST_SECONDS = 60;

/** EventBridge counts in whole minutes. */
export function minutesBetweenRuns(seconds: number): number {
  return Math.ceil(seconds / 60);
}

/**
 * Runs a function again and again.
 * @param seconds from one run to the next. From 60 on in whole minutes; below works on the local platform only.
 * @param input what the function gets.
 */
export function runEvery(fn: StageFunction, id: string, seconds: number, input: Record<string, string>): void {
  const minutes = minutesBetweenRuns(seconds);
  const rate = seconds < SHORTEST_SECONDS ? `${seconds} second` : `${minutes} minute`;
  const plural = (seconds < SHORTEST_SECONDS ? seconds : minutes) === 1 ? '' : 's';
  new Rule(fn, id, {
    schedule: Schedule.expression(`rate(${rate}${plural})`),
    targets: [new FunctionTarget(fn.live, { event: RuleTargetInput.fromObject(input) })],
  });
}

/**
 * Leaves out a run of a schedule that cannot begin within a minute, or that fails: the next one does the same. Lambda would
 * otherwise keep those of six hours while the account's concurrency is used up, 540 of them, and begin them all at once
 * as soon as there is room: each would tell operators of the same endpoints, and queue the same stuck deliveries again.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function leaveOutLateRuns(fn: StageFunction): void {
  fn.live.configureAsyncInvoke({ maxEventAge: Duration.minutes(1), retryAttempts: 0 });
}
