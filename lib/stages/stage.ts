import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Edge } from '../constructs/edge.ts';
import { ENV } from '../../lambdas/runtime/env.ts';
import type { StageFunction } from '../constructs/function.ts';
import type { Operations } from '../constructs/operations.ts';
import type { Rollout } from '../constructs/rollout.ts';
import type { Settings } from '../settings.ts';
import type { Tables } from '../tables.ts';

/** What every stage is built with. */
export interface StageContext {
  /** Where its resources are made. Stages share one scope: their ids are part of the names in AWS. */
  scope: Construct;
  tables: Tables;
  settings: Settings;
  operations: Operations;
  rollout: Rollout;
  /** Key of our own for queues with payloads. */
  queuesKey: IKey | undefined;
  /** Before the API. */
  edge: Edge | undefined;
  /** Release of Posthorn; customers see it in `user-agent`. */
  version: string;
}

/** Variables of the functions that render events. */
export function formatVariables({ clinicV1Sunset, clinicV1StatusCodes }: Settings): Record<string, string> {
  return {
    [ENV.clinicV1Sunset]: clinicV1Sunset,
    [ENV.clinicV1StatusCodes]: JSON.stringify(clinicV1StatusCodes),
  };
}

/** Variables of the functions that write or judge rows with an end. */
export function retentionVariables({ eventRetentionDays, attemptRetentionDays }: Settings): Record<string, string> {
  return {
    [ENV.eventRetentionDays]: String(eventRetentionDays),
    [ENV.attemptRetentionDays]: String(attemptRetentionDays),
  };
}

/** Variables of the functions that write the audit trail. */
export function auditVariables({ auditRetentionDays }: Settings): Record<string, string> {
  return { [ENV.auditRetentionDays]: String(auditRetentionDays) };
}

/** Lets a function know what is purged: one small row. */
export function grantGraves(fn: StageFunction, { tables, settings }: Pick<StageContext, 'tables' | 'settings'>): void {
  tables.replays.grant(fn, 'GetItem');
  fn.addEnvironment(ENV.purgeSeconds, String(settings.purgeSeconds));
}

/** Which URLs are allowed. */
export function urlVariables({ allowHttp }: Settings): Record<string, string> {
  return { [ENV.allowHttp]: String(allowHttp) };
}
