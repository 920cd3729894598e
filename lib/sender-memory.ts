/**
 * MiB of a sender. It waits most of its time, which is billed by memory, so small batches get little. But a processor's
 * share follows memory (1,769 MB are one), and 100 new TLS connections cost 250 to 290 ms of a whole one: at 256 MB, 2 s
 * and more, which customers would be blamed for. With 1,024 MB, half a second.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
export function senderMemory(batchSize: number): number {
  if (batchSize <= 10) return 256;
  return batchSize <= 25 ? 512 : 1024;
}
