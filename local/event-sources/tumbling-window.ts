import { failure, type InvocationResult } from '../lambda/result.ts';
import type { StreamRecord } from './stream-event.ts';

/** What is kept of an open window: when it began, milliseconds since the epoch, and what its last invocation returned. */
export interface OpenWindow {
  startMs: number;
  state: unknown;
}

/** Members that Lambda adds to a batch of a mapping with tumbling windows. */
export interface WindowFields {
  window: { start: string; end: string };
  state: unknown;
  shardId: string;
  eventSourceARN: string;
  isFinalInvokeForWindow: boolean;
  isWindowTerminatedEarly: boolean;
}

/** When the window of a record begins, milliseconds. */
export function windowOf({ dynamodb }: StreamRecord, seconds: number): number {
  return Math.floor(dynamodb.ApproximateCreationDateTime / seconds) * seconds * 1000;
}

/** Splits records so that each part lies in one window. */
export function byWindow(records: readonly StreamRecord[], seconds: number): StreamRecord[][] {
  const parts: StreamRecord[][] = [];
  for (const record of records) {
    const last = parts.at(-1);
    if (last && windowOf(last[0]!, seconds) === windowOf(record, seconds)) last.push(record);
    else parts.push([record]);
  }
  return parts;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html */
export function windowFields(
  { startMs, state }: OpenWindow,
  { seconds, shardId, arn, isFinal }: { seconds: number; shardId: string; arn: string; isFinal: boolean },
): WindowFields {
  return {
    window: { start: secondsOf(startMs), end: secondsOf(startMs + seconds * 1000) },
    state,
    shardId,
    eventSourceARN: arn,
    isFinalInvokeForWindow: isFinal,
    isWindowTerminatedEarly: false,
  };
}

/** The state in an answer; without one Lambda takes the invocation for a failed one. */
export function takeState(result: InvocationResult): { result: InvocationResult; state?: unknown } {
  if (!result.ok) return { result };
  const answer: unknown = JSON.parse(result.payload);
  if (typeof answer === 'object' && answer !== null && 'state' in answer) return { result, state: answer.state };
  return { result: failure('TumblingWindow', 'Expected an answer with `state`, as a tumbling window needs it.') };
}

function secondsOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, '2026-01-31T09:15:00'.length)}Z`;
}
