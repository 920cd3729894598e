import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A message as the engine of the local queues keeps it. */
export interface KeptMessage {
  queue: string;
  body: string;
  /** Its message attributes as JSON; empty when it has none. */
  attributes: string;
}

/**
 * Every message of every queue: waiting, delayed, in flight, dead. The engine has its file for itself while it runs.
 * @param folder of a platform that was closed.
 */
export function keptMessages(folder: string): KeptMessage[] {
  const file = new DatabaseSync(join(folder, 'sqs.sqlite'), { readOnly: true });
  try {
    const rows = file
      .prepare(
        'SELECT name, body, bodies.attributes AS attributes FROM bodies JOIN messages USING (seq) JOIN queues ON queues.id = queue_id',
      )
      .all();
    return rows.map(({ name, body, attributes }) => ({
      queue: String(name),
      body: String(body),
      attributes: typeof attributes === 'string' ? attributes : '',
    }));
  } finally {
    file.close();
  }
}
