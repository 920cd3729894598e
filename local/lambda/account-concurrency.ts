import { failure, type InvocationResult } from './result.ts';

/**
 * How many invocations an account runs at a time. What a function has reserved is its own, and its limit; all others share
 * the rest, and whoever comes when it is used up is throttled.
 */
export class AccountConcurrency {
  readonly #shared: { free: number };
  readonly #reserved: ReadonlyMap<string, { free: number }>;

  /**
   * @param limit of the account.
   * @param reserved by functions, by their names.
   * @param least must be left for all others.
   * @throws when functions have reserved more than that leaves, which Lambda refuses.
   */
  constructor(limit: number, reserved: ReadonlyMap<string, number> = new Map(), least = 1) {
    const rest = limit - [...reserved.values()].reduce((sum, one) => sum + one, 0);
    if (reserved.size > 0 && rest < Math.max(least, 1)) {
      throw new Error(
        `Lambda would refuse the reserved concurrency of ${[...reserved.keys()].join(', ')}: with ${limit} for the account ${rest} remain for other functions, and ${least} must. Deploy without it, as a new account has to.`,
      );
    }
    this.#shared = { free: rest };
    this.#reserved = new Map([...reserved].map(([name, free]) => [name, { free }]));
  }

  /** Takes a place for an invocation. @returns a function that gives it back; undefined: throttled. */
  take(functionName: string): (() => void) | undefined {
    const places = this.#reserved.get(functionName) ?? this.#shared;
    if (places.free <= 0) return undefined;
    places.free -= 1;
    return () => void (places.free += 1);
  }
}

const THROTTLED = 'TooManyRequestsException';

/** The result of an invocation that was throttled. */
export const throttled = (): InvocationResult => failure(THROTTLED, 'Rate Exceeded.');

/** Whether an invocation was throttled: the function has not seen its event. */
export function isThrottled(result: InvocationResult): boolean {
  return !result.ok && result.error.errorType === THROTTLED;
}

/** Waits before an invocation that was throttled is tried again: doubled from the first to the last, milliseconds. */
const FIRST_WAIT_MS = 200;
const LAST_WAIT_MS = 10_000;

/**
 * Invokes again and again while the account is full, as pollers and asynchronous invocations do.
 * @param isOver ends it.
 * @param wait @default a timer
 */
export async function untilAdmitted(
  invoke: () => Promise<InvocationResult>,
  isOver: () => boolean,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<InvocationResult> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LAST_WAIT_MS)) {
    const result = await invoke();
    if (!isThrottled(result) || isOver()) return result;
    await wait(waitMs);
    if (isOver()) return result;
  }
}
