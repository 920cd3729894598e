import { randomUUID } from 'node:crypto';
import type { Row } from './database.ts';
import type { Engine } from './engine.ts';
import { invalidValue, resourceNotFound, unsupportedOperation } from './errors.ts';
import { optionalInteger, optionalString, requiredString, type Input } from './input.ts';
import type { Queue } from './queue-store.ts';

/** Without a rate, SQS chooses one; here 500 messages ten times a second. */
const UNLIMITED = { messages: 500, everyMs: 100 };
const FASTEST_PER_SECOND = 500;

/** Message-move tasks: they run beside the requests, step by step on the clock, and go on after a restart. */
export class MoveTasks {
  readonly #engine: Engine;
  /** Takes back the next step of each running task. */
  readonly #steps = new Map<string, () => void>();

  constructor(engine: Engine) {
    this.#engine = engine;
    for (const row of engine.database.all("SELECT id FROM move_tasks WHERE status = 'RUNNING'")) {
      this.#schedule(String(row.id), engine.clock.now());
    }
  }

  start(input: Input): Input {
    const { queues, messages, clock, database } = this.#engine;
    const sourceArn = requiredString(input, 'SourceArn');
    const destinationArn = optionalString(input, 'DestinationArn');
    const perSecond = optionalInteger(input, 'MaxNumberOfMessagesPerSecond', 1, FASTEST_PER_SECOND);
    const source = this.#source(sourceArn);
    if (queues.sourcesOf(sourceArn).length === 0) {
      throw invalidValue('SourceArn', sourceArn, 'Source queue must be configured as a Dead Letter Queue.');
    }
    if (destinationArn !== undefined && queues.byArn(destinationArn)?.fifo !== source.fifo) {
      throw resourceNotFound('The resource that you specified for the DestinationArn parameter does not exist.');
    }
    if (database.get("SELECT id FROM move_tasks WHERE source_arn = ? AND status = 'RUNNING'", sourceArn)) {
      throw unsupportedOperation(
        'There is already a task running. Only one active task is allowed for a source queue.',
      );
    }
    const now = clock.now();
    messages.refresh(source, now);
    const id = randomUUID();
    database.run(
      "INSERT INTO move_tasks VALUES (?, ?, ?, ?, 'RUNNING', 0, ?, ?, NULL)",
      id,
      sourceArn,
      destinationArn ?? null,
      perSecond ?? null,
      messages.counts(source).ready,
      now,
    );
    this.#schedule(id, now);
    return { TaskHandle: handleOf(id, sourceArn) };
  }

  cancel(input: Input): Input {
    const { database } = this.#engine;
    const { taskId } = readTaskHandle(requiredString(input, 'TaskHandle'));
    const task = database.get("SELECT moved FROM move_tasks WHERE id = ? AND status = 'RUNNING'", taskId);
    if (task === undefined) throw resourceNotFound('Task does not exist or is not running.');
    database.run("UPDATE move_tasks SET status = 'CANCELLED' WHERE id = ?", taskId);
    this.#unschedule(taskId);
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  list(input: Input): Input {
    const sourceArn = requiredString(input, 'SourceArn');
    const limit = optionalInteger(input, 'MaxResults', 1, 10) ?? 1;
    this.#source(sourceArn);
    const rows = this.#engine.database.all(
      'SELECT * FROM move_tasks WHERE source_arn = ? ORDER BY started_at DESC, rowid DESC LIMIT ?',
      sourceArn,
      limit,
    );
    return { Results: rows.map(show) };
  }

  close(): void {
    for (const id of [...this.#steps.keys()]) this.#unschedule(id);
  }

  #source(arn: string): Queue {
    const queue = this.#engine.queues.byArn(arn);
    if (queue === undefined) {
      throw resourceNotFound('The resource that you specified for the SourceArn parameter does not exist.');
    }
    return queue;
  }

  #schedule(id: string, timeMs: number): void {
    this.#steps.set(
      id,
      this.#engine.clock.at(timeMs, () => this.#step(id)),
    );
  }

  #unschedule(id: string): void {
    this.#steps.get(id)?.();
    this.#steps.delete(id);
  }

  /** Moves one portion; a rate moves its number of messages once a second. */
  #step(id: string): void {
    this.#steps.delete(id);
    const now = this.#engine.clock.now();
    const row = this.#engine.database.get('SELECT per_second FROM move_tasks WHERE id = ?', id);
    const pace = typeof row?.per_second === 'number' ? { messages: row.per_second, everyMs: 1000 } : UNLIMITED;
    if (this.#engine.run(() => this.#move(id, pace.messages, now)) === 'RUNNING')
      this.#schedule(id, now + pace.everyMs);
  }

  #move(id: string, most: number, now: number): string {
    const { queues, messages, database } = this.#engine;
    const task = database.get('SELECT * FROM move_tasks WHERE id = ?', id)!;
    const source = queues.byArn(String(task.source_arn));
    let status = 'RUNNING';
    let failure: string | null = null;
    let moved = 0;
    const ready = source === undefined ? [] : (messages.refresh(source, now), messages.readyWithSource(source, most));
    for (const { seq, sourceArn } of ready) {
      const targetArn = task.destination_arn ?? sourceArn;
      const target = targetArn === null ? undefined : queues.byArn(String(targetArn));
      if (target === undefined) {
        status = 'FAILED';
        failure = targetArn === null ? 'CouldNotDetermineMessageSource' : 'AWS.SimpleQueueService.NonExistentQueue';
        break;
      }
      messages.moveAsNew(target, seq, now);
      moved++;
    }
    if (status === 'RUNNING' && (source === undefined || messages.counts(source).ready === 0)) status = 'COMPLETED';
    database.run(
      'UPDATE move_tasks SET status = ?, failure = ?, moved = moved + ? WHERE id = ?',
      status,
      failure,
      moved,
      id,
    );
    return status;
  }
}

/** @throws ResourceNotFoundException when it is no handle of a move task. */
export function readTaskHandle(handle: string): { taskId: string; sourceArn: string } {
  try {
    const parsed = JSON.parse(Buffer.from(handle, 'base64').toString()) as Record<string, unknown>;
    if (typeof parsed.taskId === 'string' && typeof parsed.sourceArn === 'string') {
      return { taskId: parsed.taskId, sourceArn: parsed.sourceArn };
    }
  } catch {
    // Not base64 of JSON: the same answer as for a task that does not exist.
  }
  throw resourceNotFound('Task does not exist.');
}

const handleOf = (taskId: string, sourceArn: string): string =>
  Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64');

function show(row: Row): Input {
  return {
    // Only a running task can be cancelled, and only it shows a handle.
    TaskHandle: row.status === 'RUNNING' ? handleOf(String(row.id), String(row.source_arn)) : undefined,
    Status: row.status,
    SourceArn: row.source_arn,
    DestinationArn: row.destination_arn ?? undefined,
    MaxNumberOfMessagesPerSecond: row.per_second ?? undefined,
    ApproximateNumberOfMessagesMoved: row.moved,
    ApproximateNumberOfMessagesToMove: row.to_move,
    FailureReason: row.failure ?? undefined,
    StartedTimestamp: row.started_at,
  };
}
