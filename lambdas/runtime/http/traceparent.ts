import { header, type HttpEvent } from './event.ts';

/** Version 00, https://www.w3.org/TR/trace-context/#traceparent-header; all-zero ids are invalid there. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's trace context, to be passed on with what the request leads to; anything malformed counts as none. */
export function traceparent(event: HttpEvent | null): string | undefined {
  const value = header(event, 'traceparent')?.trim();
  return value !== undefined && TRACEPARENT.test(value) ? value : undefined;
}
