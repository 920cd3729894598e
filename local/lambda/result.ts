/** How an invocation ended. A failure is the function's (or its environment's), never the platform's. */
export type InvocationResult =
  | { ok: true; payload: string }
  | { ok: false; error: { errorType: string; errorMessage: string; trace: string[] } };

/** A failed invocation. */
export function failure(errorType: string, errorMessage: string, trace: string[] = []): InvocationResult {
  return { ok: false, error: { errorType, errorMessage, trace } };
}

/** Largest request and largest answer of a synchronous invocation, bytes (Lambda quotas: 6 MB). */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
