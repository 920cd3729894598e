import type { Settings } from './settings.ts';

/** Jobs that recovery works on at the same time: each is one customer's. */
export const RECOVERY_CONCURRENCY = 5;

/**
 * Functions behind queues that run at the same time, at most. Those of HTTP requests and streams come on top.
 */
export function queueConcurrency(
  settings: Pick<Settings, 'fanOutConcurrency' | 'senderConcurrency' | 'slowSenderConcurrency'>,
): number {
  const { fanOutConcurrency, senderConcurrency, slowSenderConcurrency } = settings;
  return fanOutConcurrency + senderConcurrency + slowSenderConcurrency + RECOVERY_CONCURRENCY;
}
