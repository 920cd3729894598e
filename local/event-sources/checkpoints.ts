import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** How far each stream mapping has read, kept over restarts, as Lambda keeps it. */
export class Checkpoints {
  readonly #path: string;
  readonly #positions: Record<string, string>;

  constructor(path: string) {
    this.#path = path;
    this.#positions = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {};
  }

  /** The last sequence number that was dealt with. */
  get(key: string): string | undefined {
    return this.#positions[key];
  }

  /** Remembers a position; on disk when it returns. */
  set(key: string, sequenceNumber: string): void {
    this.#positions[key] = sequenceNumber;
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#positions));
    renameSync(`${this.#path}.new`, this.#path);
  }
}
