import { readPrivate, writePrivate } from '../private-file.ts';

/** How far each stream mapping has read, kept over restarts, as Lambda keeps it. */
export class Checkpoints {
  readonly #path: string;
  readonly #positions: Record<string, string>;

  constructor(path: string) {
    this.#path = path;
    this.#positions = JSON.parse(readPrivate(path) ?? '{}') as Record<string, string>;
  }

  /** The last sequence number that was dealt with. */
  get(key: string): string | undefined {
    return this.#positions[key];
  }

  /** Remembers a position; on disk when it returns. */
  set(key: string, sequenceNumber: string): void {
    this.#positions[key] = sequenceNumber;
    writePrivate(this.#path, JSON.stringify(this.#positions));
  }
}
