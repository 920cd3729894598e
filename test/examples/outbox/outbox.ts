import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/** A visit as this example's clinic keeps it. */
export interface Visit {
  id: string;
  status: string;
}

/** An event that is still to be published. */
export interface OutboxRow {
  id: number;
  /** Goes out as `Idempotency-Key`: made once, with the row, and never again. */
  key: string;
  /** The request body. Posthorn compares its bytes, so it is stored, not made anew at each try. */
  body: string;
}

export type Outbox = ReturnType<typeof openOutbox>;

/**
 * A producer's database: its own tables, and beside them the table `outbox`. One transaction changes a visit and says
 * so in the outbox: there is never the one without the other.
 */
export function openOutbox(file: string, organization: string) {
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS visits (id TEXT PRIMARY KEY, status TEXT NOT NULL CHECK (status <> ''));
    CREATE TABLE IF NOT EXISTS outbox (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL UNIQUE,
      body TEXT NOT NULL,
      event_id TEXT,
      refused TEXT
    );
  `);

  return {
    /** Changes a visit and enqueues the event with the state right after the change. */
    saveVisit(visit: Visit): void {
      db.exec('BEGIN IMMEDIATE');
      try {
        const event = { organization, type: 'visit.updated', resource_id: visit.id, data: visit };
        db.prepare('INSERT INTO outbox (key, body) VALUES (?, ?)').run(randomUUID(), JSON.stringify(event));
        db.prepare('INSERT OR REPLACE INTO visits (id, status) VALUES (?, ?)').run(visit.id, visit.status);
        db.exec('COMMIT');
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    /** What is still to be published, oldest first. */
    pending(limit: number): OutboxRow[] {
      const rows = db.prepare(
        'SELECT id, key, body FROM outbox WHERE event_id IS NULL AND refused IS NULL ORDER BY id LIMIT ?',
      );
      return rows.all(limit) as unknown as OutboxRow[];
    },
    markPublished(id: number, eventId: string): void {
      db.prepare('UPDATE outbox SET event_id = ? WHERE id = ?').run(eventId, id);
    },
    /** Sets an event aside that Posthorn will never take, so that it does not stop those behind it. Tell somebody. */
    markRefused(id: number, reason: string): void {
      db.prepare('UPDATE outbox SET refused = ? WHERE id = ?').run(reason, id);
    },
    /** Ids that Posthorn gave, in the order of the changes. */
    published(): string[] {
      const rows = db.prepare('SELECT event_id FROM outbox WHERE event_id IS NOT NULL ORDER BY id').all();
      return rows.map((row) => String(row.event_id));
    },
    refused(): string[] {
      return db
        .prepare('SELECT refused FROM outbox WHERE refused IS NOT NULL ORDER BY id')
        .all()
        .map((row) => String(row.refused));
    },
    close: () => db.close(),
  };
}
