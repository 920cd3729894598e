import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OUTCOMES } from '../../lambdas/domain/delivery/attempt.ts';
import { CIRCUITS } from '../../lambdas/domain/endpoint/states.ts';
import { FORMAT_NAMES } from '../../lambdas/domain/formats/names.ts';
import type { Decoded } from '../../lambdas/domain/messages/codec.ts';
import { synthesize } from '../support/stacks.ts';
import { startTables } from '../support/tables.ts';
import { readMessage, writeMessages, type WrittenMessage } from './messages.ts';
import { readCursors, readRows, writeCursors } from './read-rows.ts';
import { allRows, storesOf, type WrittenRow } from './rows.ts';
import { factsOf, type PlainTemplate, type StackFacts } from './stack.ts';
import { writeRows } from './write-rows.ts';

/** Words that a version acts upon. One that it does not know it takes for another, or refuses. */
export const WORDS = {
  outcome: OUTCOMES,
  circuit: CIRCUITS,
  format: FORMAT_NAMES,
} satisfies Record<string, readonly string[]>;

/** What a release wrote, and what it made of it. */
export interface Vectors {
  messages: (WrittenMessage & { read: Decoded<unknown> })[];
  rows: WrittenRow[];
  /** What its stores made of these rows. */
  views: Record<string, unknown>;
  /** List → the cursor that it gave with the first page. */
  cursors: Record<string, string>;
  /** List → what its stores gave as second page. */
  pages: Record<string, unknown>;
  words: Record<keyof typeof WORDS, readonly string[]>;
  stack: StackFacts;
}

const FILES = ['messages', 'rows', 'views', 'cursors', 'pages', 'words', 'stack'] as const satisfies (keyof Vectors)[];
const FOLDER = import.meta.dirname;

/** Releases whose vectors are kept, oldest first. */
export function releases(): string[] {
  const names = readdirSync(FOLDER).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

export function readVectors(release: string): Vectors {
  return Object.fromEntries(
    FILES.map((name) => [name, JSON.parse(readFileSync(join(FOLDER, release, `${name}.json`), 'utf8')) as unknown]),
  ) as unknown as Vectors;
}

/** @throws when there are some of that release already: what a release wrote does not change afterwards. */
export function writeVectors(release: string, vectors: Vectors, again: boolean): string {
  const folder = join(FOLDER, release);
  if (existsSync(folder) && !again) {
    throw new Error(`${release} has vectors already. Only before it is tagged may they be made anew: add --again.`);
  }
  mkdirSync(folder, { recursive: true });
  for (const name of FILES) writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(vectors[name], null, 1)}\n`);
  return folder;
}

/** Makes the vectors of this commit. */
export async function makeVectors(): Promise<Vectors> {
  const tables = await startTables();
  try {
    const stores = storesOf(tables);
    await writeRows(stores);
    const cursors = await writeCursors(stores);
    return {
      messages: writeMessages().map((message) => ({ ...message, read: readMessage(message) })),
      rows: await allRows(tables),
      views: plain(await readRows(stores)),
      cursors,
      pages: plain(await readCursors(stores, cursors)),
      words: WORDS,
      stack: stackFacts(),
    };
  } finally {
    await tables.close();
  }
}

export function stackFacts(): StackFacts {
  const { data, posthorn } = synthesize();
  return factsOf({ data: data.toJSON() as PlainTemplate, posthorn: posthorn.toJSON() as PlainTemplate });
}

/** As JSON has it: without what is undefined. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
