import type { AttemptStore } from '../../stores/attempts.ts';
import { targetName, type TargetKey } from '../../stores/delivery-targets.ts';

/** Subscriptions that a function remembers as called, at most; then it begins anew. About 1 MB. */
const REMEMBERED = 10_000;

/**
 * Whether a subscription was ever called. One small read while it was not; whoever was called once stays so, as long as
 * the function is warm.
 */
export function createCalled(attempts: Pick<AttemptStore, 'isCalled'>) {
  const known = new Set<string>();
  return async (key: TargetKey): Promise<boolean> => {
    const name = targetName(key);
    if (known.has(name)) return true;
    if (!(await attempts.isCalled(key.organization, key.subscription))) return false;
    if (known.size >= REMEMBERED) known.clear();
    known.add(name);
    return true;
  };
}
