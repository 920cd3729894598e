import type { HeaderSource } from './headers.ts';
import { type Delivery, VerificationError, verify } from './verify.ts';

/** Stores or queues a delivery. When it throws, Posthorn is told to try again. */
export type OnDelivery = (delivery: Delivery) => void | Promise<void>;

export interface ReceiveOptions {
  /** The secrets that are valid now, or a function that finds them: a rotated secret then needs no restart. */
  secrets: string | readonly string[] | (() => string | readonly string[] | Promise<string | readonly string[]>);
  /** Longest body that is read, bytes. @default 1 MiB, four times the longest event */
  maxBytes?: number;
  /** Told of what was refused or failed; for your log. @default nobody */
  onError?: (error: unknown) => void;
}

/** An answer to Posthorn. Only 200 counts as delivered for every subscription; other 2xx do not for `envelope`. */
export type Status = 200 | 401 | 405 | 413 | 500;

export const DEFAULT_MAX_BYTES = 1024 * 1024;

/** Thrown by readers of bodies. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/**
 * What all handlers do: read, verify, hand over, and answer. 200 only after `onDelivery` is through; 401 for what is
 * not from Posthorn; 413 for what is too long; 500 when `onDelivery` or the lookup of the secrets failed.
 */
export async function receive(
  readBody: () => Promise<string | Uint8Array>,
  headers: HeaderSource,
  { secrets, maxBytes = DEFAULT_MAX_BYTES, onError }: ReceiveOptions,
  onDelivery: OnDelivery,
): Promise<Status> {
  try {
    const rawBody = await readBody();
    if (byteLength(rawBody) > maxBytes) throw new BodyTooLarge(`Expected at most ${maxBytes} bytes of body.`);
    const valid = typeof secrets === 'function' ? await secrets() : secrets;
    await onDelivery(verify(rawBody, headers, valid));
    return 200;
  } catch (error) {
    onError?.(error);
    if (error instanceof VerificationError) return 401;
    return error instanceof BodyTooLarge ? 413 : 500;
  }
}

function byteLength(rawBody: string | Uint8Array): number {
  return typeof rawBody === 'string' ? Buffer.byteLength(rawBody) : rawBody.byteLength;
}

/** For what a framework left of the body. @throws TypeError when it was parsed already: the signature needs the bytes. */
export function rawBodyOf(body: unknown, advice: string): string | Uint8Array {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  throw new TypeError(
    `Expected the raw body, got ${body === undefined ? 'none' : 'one that was parsed already'}. ${advice}`,
  );
}
