/**
 * Does the same with each of a list, so many at a time: the next ones begin when all of those before have ended.
 * @returns what came of each, in the order of the list.
 * @throws what the first that fails throws; none is begun after it, beside those at the same time.
 */
export async function inParallel<T, R>(
  list: readonly T[],
  atOnce: number,
  work: (one: T, index: number) => Promise<R>,
): Promise<R[]> {
  const done: R[] = [];
  for (let i = 0; i < list.length; i += atOnce) {
    done.push(...(await Promise.all(list.slice(i, i + atOnce).map((one, at) => work(one, i + at)))));
  }
  return done;
}
