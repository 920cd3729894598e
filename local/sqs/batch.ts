import { emptyBatch, idsNotDistinct, invalidBatchEntryId, SqsError, tooManyEntries } from './errors.ts';
import { isObject, requiredString, type Input } from './input.ts';

const MOST_ENTRIES = 10;
const ID = /^[A-Za-z0-9_-]{1,80}$/;

export interface BatchResult {
  Successful: Input[];
  Failed: Input[];
}

/** @throws the error that refuses a whole batch: empty, too many entries, an id twice or malformed. */
export function readEntries(input: Input): Input[] {
  const entries = Array.isArray(input.Entries) ? input.Entries.filter(isObject) : [];
  if (entries.length === 0) throw emptyBatch();
  if (entries.length > MOST_ENTRIES) throw tooManyEntries(entries.length);
  const ids = new Set<string>();
  for (const entry of entries) {
    const id = requiredString(entry, 'Id');
    if (!ID.test(id)) throw invalidBatchEntryId();
    if (ids.has(id)) throw idsNotDistinct(id);
    ids.add(id);
  }
  return entries;
}

/** Runs `work` for each entry; an entry that is refused fails alone. `work` must refuse before it writes. */
export function forEachEntry(entries: Input[], work: (entry: Input) => Input): BatchResult {
  const result: BatchResult = { Successful: [], Failed: [] };
  for (const entry of entries) {
    try {
      result.Successful.push({ Id: entry.Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      result.Failed.push({ Id: entry.Id, SenderFault: true, Code: error.queryCode, Message: error.message });
    }
  }
  return result;
}
