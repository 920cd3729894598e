/** A number with its noun: `1 delivery`, `2 deliveries`. @param plural when it is more than an added s. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
