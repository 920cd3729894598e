import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { App, Resource } from '../template/app.ts';
import { ignored } from '../template/scalars.ts';
import { parseSchedule } from './schedule-expression.ts';
import type { NextRun } from './schedule-expression.ts';

const ruleSchema = z.strictObject({
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(
    z.strictObject({
      Arn: z.string(),
      Id: z.string(),
      Input: z.string().optional(),
      RetryPolicy: ignored,
      DeadLetterConfig: ignored,
    }),
  ),
  Name: z.string().optional(),
  Description: ignored,
  Tags: ignored,
});
const scheduleSchema = z.strictObject({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.enum(['UTC', 'Etc/UTC']).optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.strictObject({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().optional(),
    RetryPolicy: ignored,
    DeadLetterConfig: ignored,
  }),
  FlexibleTimeWindow: ignored,
  GroupName: ignored,
  Name: z.string().optional(),
  Description: ignored,
});

/** Something that runs a function at set times. */
export interface Schedule {
  arn: string;
  source: 'aws.events' | 'aws.scheduler';
  next: NextRun;
  functionArn: string;
  /** JSON text that the template fixes instead of the usual event. */
  input: string | undefined;
}

/** All enabled schedules: rules of EventBridge and schedules of EventBridge Scheduler. */
export function readSchedules(app: App): Schedule[] {
  const rules = app.ofType('AWS::Events::Rule').flatMap((resource) => {
    const { State, ScheduleExpression, Targets } = resource.properties(ruleSchema);
    if (State === 'DISABLED') return [];
    return Targets.map((t) => toSchedule(resource, 'aws.events', ScheduleExpression, t.Arn, t.Input));
  });
  const schedules = app.ofType('AWS::Scheduler::Schedule').flatMap((resource) => {
    const { State, ScheduleExpression, Target } = resource.properties(scheduleSchema);
    if (State === 'DISABLED') return [];
    return [toSchedule(resource, 'aws.scheduler', ScheduleExpression, Target.Arn, Target.Input)];
  });
  return [...rules, ...schedules];
}

function toSchedule(
  resource: Resource,
  source: Schedule['source'],
  expression: string,
  functionArn: string,
  input?: string,
): Schedule {
  return { arn: resource.identity.arn, source, next: parseSchedule(expression), functionArn, input };
}

/** The event of a scheduled run. */
export function scheduledEvent(schedule: Schedule, account: string, region: string, timeMs: number): string {
  if (schedule.input !== undefined) return schedule.input;
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: schedule.source,
    account,
    time: `${new Date(timeMs).toISOString().slice(0, 19)}Z`,
    region,
    resources: [schedule.arn],
    detail: schedule.source === 'aws.events' ? {} : '{}',
  });
}

/**
 * Runs a schedule by the given clock. A time that comes while the last run is still going is left out, and so is all but one of
 * those that a clock jumps over: moving it by an hour, or waking a machine, begins one run and not an hour's one after the other.
 * @returns a function that ends it.
 */
export function runSchedule(
  schedule: Schedule,
  clock: Clock,
  invoke: (timeMs: number) => Promise<unknown>,
): () => void {
  let running = false;
  let cancel: () => void = () => undefined;
  const arm = (timeMs: number): void => {
    cancel = clock.at(timeMs, () => {
      const next = schedule.next(timeMs);
      arm(next > clock.now() ? next : schedule.next(clock.now()));
      if (running) return;
      running = true;
      void invoke(timeMs).finally(() => (running = false));
    });
  };
  arm(schedule.next(clock.now()));
  return () => cancel();
}
