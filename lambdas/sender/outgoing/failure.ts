import type { ErrorClass } from './answer.ts';

/** An attempt's end without an answer, raised where its class is known. The message is the reason in the log. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';
  readonly class: ErrorClass;
  /** It is the platform's own trouble, not the endpoint's. */
  readonly isOurs: boolean;

  constructor(errorClass: ErrorClass, reason: string, { isOurs = false } = {}) {
    super(reason);
    this.class = errorClass;
    this.isOurs = isOurs;
  }
}

/** What was being done when an error came; the same code means different things at different times. */
export type Phase = 'queue' | 'dns' | 'connect' | 'tls' | 'response' | 'body';

const WAITING_FOR: Record<Phase, string> = {
  queue: 'a free connection to the endpoint',
  dns: 'the name server',
  connect: 'the connection',
  tls: 'the TLS handshake',
  response: 'the response',
  body: 'the end of the response body',
};

/** The failure of an attempt whose deadline passed in `phase`. */
export function timeout(timeoutMs: number, phase: Phase): OutgoingError {
  return new OutgoingError('timeout', `timeout after ${timeoutMs} ms, waiting for ${WAITING_FOR[phase]}`);
}

/** The failure of an attempt whose endpoint has not had its time, because this process was late. */
export function ownTimeout(timeoutMs: number): OutgoingError {
  return new OutgoingError(
    'timeout',
    `the sender had too little processor time to wait ${timeoutMs} ms for the endpoint`,
    { isOurs: true },
  );
}

/** The failure of an attempt for which no name server has answered, about this name or any other. */
export function noNameServer(): OutgoingError {
  return new OutgoingError('dns_error', 'no name server has answered, neither about this name nor about any other', {
    isOurs: true,
  });
}

const BROKEN = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'UND_ERR_SOCKET',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
]);

const UNSENDABLE = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH']);

/** Gives any error that Node or undici raise its class. Their texts may quote the peer, so reasons hold codes alone. */
export function classify(error: unknown, phase: Phase): OutgoingError {
  if (error instanceof OutgoingError) return error;
  const code = codeOf(error);
  if (phase === 'dns') return new OutgoingError('dns_error', `the name could not be resolved: ${code}`);
  if (phase === 'connect') return connectFailure(code);
  if (UNSENDABLE.has(code))
    return new OutgoingError(
      'invalid_request',
      'a header or the path of the request cannot be sent; check the custom headers',
    );
  if (isCutShort(error, code, phase))
    return new OutgoingError('connection_lost', 'the connection ended in the middle of the response');
  const wrong = wrongResponse(error, code);
  if (wrong !== undefined) return new OutgoingError('bad_response', `the response is not valid HTTP/1.1: ${wrong}`);
  const broken = BROKEN.has(code) || code === 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING';
  if (broken && phase === 'tls')
    return new OutgoingError('connection_lost', `the connection was closed during the TLS handshake: ${code}`);
  if (broken)
    return new OutgoingError('connection_lost', `the connection was closed before the end of the response: ${code}`);
  if (phase === 'tls' || isAlert(error) || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_'))
    return new OutgoingError('tls_error', `the TLS handshake failed: ${tlsReason(error, code)}`);
  return new OutgoingError('connection_lost', `the connection broke: ${code}`);
}

function connectFailure(code: string): OutgoingError {
  if (code === 'ETIMEDOUT') return new OutgoingError('timeout', 'the connection was not answered: ETIMEDOUT');
  if (code === 'ECONNRESET') return new OutgoingError('connection_lost', 'the connection was reset: ECONNRESET');
  return new OutgoingError('connect_refused', `no connection to any address of the endpoint: ${code}`);
}

/** undici reports an answer that its end of stream cuts short like a malformed one: those are lost connections. */
function isCutShort(error: unknown, code: string, phase: Phase): boolean {
  // Before the head is complete this code means that the head itself is wrong: two lengths, or one that overflows.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return phase === 'body';
  return parserReason(error) === 'Invalid EOF state';
}

function wrongResponse(error: unknown, code: string): string | undefined {
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return code;
  // undici gives a 101 that was never asked for, and an answer that nobody waits for, the code of a lost connection.
  const message = error instanceof Error ? error.message : '';
  if (code === 'UND_ERR_SOCKET' && /^bad (upgrade|response)$/.test(message)) return message;
  return parserReason(error);
}

/** What the parser found wrong: one of its own fixed texts, never the peer's bytes. */
function parserReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'HTTPParserError') return undefined;
  return /\(([\w /:,'-]{1,80})\)$/.exec(error.message)?.[1] ?? 'malformed';
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  // OpenSSL's own names have slashes and lower case in them: ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE.
  return typeof code === 'string' && /^[A-Za-z0-9_/]{1,80}$/.test(code) ? code : 'unknown error';
}

/** What an alert of the endpoint tells whoever reads the log, beyond its name (RFC 8446 §6.2). */
const ALERTS: Record<string, string> = {
  certificate_required: 'the endpoint demands a client certificate, which Posthorn does not send',
  handshake_failure:
    'no protocol version or cipher in common, or the endpoint demands a client certificate, which Posthorn does not send',
  protocol_version: 'the endpoint has no protocol version from TLS 1.2 on',
  insufficient_security: 'the endpoint wants other ciphers than TLS 1.2 and 1.3 have by default',
  unrecognized_name: 'the endpoint has no certificate for this name',
  unknown_ca: 'the endpoint demands a client certificate of an authority that it knows',
  bad_certificate: 'the endpoint demands a client certificate, which Posthorn does not send',
};

/** Whether an error is an alert that the endpoint sent, also after the handshake: TLS 1.3 asks for certificates then. */
export function isAlert(error: unknown): boolean {
  return /^ERR_SSL_.*ALERT_/.test(codeOf(error));
}

/** The alert's name as RFC 8446 has it, with what it means; else OpenSSL's code, or its words where that says nothing. */
function tlsReason(error: unknown, code: string): string {
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') return `the endpoint does not speak TLS at this port (${code})`;
  // OpenSSL leaves the word out of this one.
  const alert = /(?:ALERT_|(?=UNRECOGNIZED_NAME))(\w+)$/.exec(code)?.[1]?.toLowerCase();
  if (alert !== undefined) return ALERTS[alert] === undefined ? code : `${ALERTS[alert]} (${code})`;
  // Verification failures without a name of their own, a key that is too weak: Node's text is one of OpenSSL's fixed ones.
  const { message } = error as { message?: unknown };
  const words = typeof message === 'string' && /^[\w ,/-]{1,80}$/.test(message) ? message : undefined;
  return code === 'UNSPECIFIED' || code === 'unknown error' ? (words ?? 'OpenSSL gives no reason') : code;
}
