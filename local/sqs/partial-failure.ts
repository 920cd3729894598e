import { isObject, type Input } from './input.ts';

/**
 * Executes a batch call without every other entry, beginning with the first, and reports those as SQS reports what it
 * failed by itself. A call without entries is executed whole.
 */
export async function executePart(
  input: Input,
  { code }: { code: string },
  execute: (input: Input) => Promise<object>,
): Promise<object> {
  if (!Array.isArray(input.Entries)) return execute(input);
  const entries = input.Entries.filter(isObject);
  const rest = entries.filter((_, index) => index % 2 === 1);
  const failed = entries
    .filter((_, index) => index % 2 === 0)
    .map(({ Id }) => ({ Id, SenderFault: false, Code: code, Message: 'A fault that was asked for.' }));
  const done: { Successful?: object[]; Failed?: object[] } =
    rest.length === 0 ? {} : await execute({ ...input, Entries: rest });
  return { Successful: done.Successful ?? [], Failed: [...(done.Failed ?? []), ...failed] };
}
