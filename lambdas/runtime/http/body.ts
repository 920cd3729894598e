import { Problem } from '../../domain/problem.ts';
import { header, type HttpEvent } from './event.ts';

/** `application/json`, its only sensible parameter being `charset=utf-8`, quoted or not, in any letter case. */
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*("utf-?8"|utf-?8)\s*)?;?$/i;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** A byte order mark is kept, for the JSON scanner to refuse: RFC 8259 §8.1 forbids it. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** What decoders put in place of bytes that are no UTF-8. */
const REPLACEMENT = '\uFFFD';

/** A request's body as sent. */
export interface RequestBody {
  text: string;
  /** Length in bytes, not characters. */
  bytes: number;
}

/**
 * The body of a request that must be JSON; whether it *is* JSON is for the caller to find out. A missing body is empty.
 * @param options.maxBytes the largest body that is taken.
 * @throws Problem `unsupported-media-type` for another, missing or empty content type and for any content coding,
 * `too-large`, `malformed-request` for broken base64 and for bytes that are no UTF-8.
 */
export function readBody(event: HttpEvent | null, options: { maxBytes: number }): RequestBody {
  checkMediaType(event);
  const body = event?.body ?? '';
  return event?.isBase64Encoded ? fromBase64(body, options.maxBytes) : fromText(event, body, options.maxBytes);
}

function checkMediaType(event: HttpEvent | null): void {
  const coding = header(event, 'content-encoding')?.trim();
  if (coding && coding.toLowerCase() !== 'identity') {
    throw new Problem('unsupported-media-type', 'Expected a body without content-encoding. Send it uncompressed.');
  }
  if (!JSON_TYPE.test(header(event, 'content-type')?.trim() ?? '')) {
    throw new Problem('unsupported-media-type', 'Expected the header content-type: application/json, in UTF-8.');
  }
}

function fromBase64(body: string, maxBytes: number): RequestBody {
  // 4 characters stand for at most 3 bytes and at least 1: refuse what must be too large before decoding it.
  if ((body.length / 4) * 3 - 2 > maxBytes) throw tooLarge(maxBytes);
  if (body.length % 4 !== 0 || !BASE64.test(body)) {
    throw new Problem(
      'malformed-request',
      'Expected a body in base64, because isBase64Encoded is true; got something else.',
    );
  }
  const buffer = Buffer.from(body, 'base64');
  if (buffer.length > maxBytes) throw tooLarge(maxBytes);
  try {
    return { text: UTF8.decode(buffer), bytes: buffer.length };
  } catch {
    throw notUtf8();
  }
}

function fromText(event: HttpEvent | null, text: string, maxBytes: number): RequestBody {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw tooLarge(maxBytes);
  // The gateway has decoded the bytes and may have replaced what was no UTF-8. A replacement character that the client
  // sent itself keeps the length; one put in by the gateway (3 bytes, mostly for 1 or 2) does not.
  const sent = header(event, 'content-length');
  const replaced = text.includes(REPLACEMENT) && sent !== undefined && Number(sent) !== bytes;
  if (replaced || !text.isWellFormed()) throw notUtf8();
  return { text, bytes };
}

function tooLarge(maxBytes: number): Problem {
  return new Problem(
    'too-large',
    `Expected at most ${maxBytes} bytes of body, whitespace included. Send less at once.`,
  );
}

function notUtf8(): Problem {
  return new Problem('malformed-request', 'Expected UTF-8, got bytes that are not UTF-8. Send JSON in UTF-8.');
}
