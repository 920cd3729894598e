import type { Timings } from '../../domain/delivery/attempt.ts';

/** One POST to a customer. */
export interface OutgoingRequest {
  /** Checked again before anything is sent, whatever was checked when it was saved. */
  url: string;
  /** Names in any letter case; `host`, `connection` and `content-length` are set here and must not be among them. */
  headers: Record<string, string>;
  /** Sent as it is, never copied. */
  body: Uint8Array;
  /** Milliseconds for everything: waiting for a connection, DNS, connect, TLS and the whole response. */
  timeoutMs: number;
  /** How much longer it may take where this process itself was late, milliseconds. @default no longer */
  graceMs?: number | undefined;
  /**
   * Told when the request begins to wait for a name server (true) and when that is over (false): not the endpoint's time.
   * Never called where a connection is open already.
   */
  onNames?: (waiting: boolean) => void;
}

/**
 * Why there was no usable answer.
 * - `blocked_address`: the URL, or an address its name resolves to, is none that may be contacted. Nothing was sent.
 * - `dns_error`, `connect_refused`, `tls_error`: nothing of the request was sent.
 * - `timeout`: the deadline passed, wherever that was.
 * - `connection_lost`: the connection broke. The customer may have received the request.
 * - `bad_response`: what came back is not HTTP/1.1, or its head is longer than 64 KiB.
 * - `invalid_request`: the request itself cannot be put on the wire (a header from a hand-edited row). Nothing was sent.
 */
export type ErrorClass =
  | 'blocked_address'
  | 'dns_error'
  | 'connect_refused'
  | 'timeout'
  | 'tls_error'
  | 'connection_lost'
  | 'bad_response'
  | 'invalid_request'
  /** The endpoint's token server gave no access token. */
  | 'token_error';

/** A well-formed answer with any final status, redirects included: what it means is the sender's business. */
export interface Response {
  kind: 'response';
  status: number;
  /** Those of KEPT_HEADERS that came, lower-case; repeated ones joined by `, `. */
  headers: Record<string, string>;
  /** At most 16 KiB in UTF-8, never decompressed; bytes that are no UTF-8 became U+FFFD. */
  body: string;
  /** There was more of it. */
  truncated: boolean;
  timings: Timings;
}

/** No answer, or one that cannot be trusted. */
export interface Failure {
  kind: 'error';
  class: ErrorClass;
  /** For an operator: what was expected and what came. Holds no header values and no body. */
  reason: string;
  timings: Timings;
  /** Of the head that came before it broke. Never a success. */
  status?: number;
  /**
   * No fault of the endpoint: this process was late for so long that its grace did not do, and the endpoint has not had its time; or
   * no name server has answered anybody.
   */
  ours?: true;
}

export type Answer = Response | Failure;
