/** A request that anybody may send. */
export interface Input {
  /** Head and body as they go over the wire; each character stands for one byte. */
  bytes: string;
  method: string;
  /**
   * `whole`: well framed, must be answered. `slow`: so too, but in pieces. `broken`: framed in a way that HTTP may not
   * allow, so that the connection may be closed without an answer. `aborted`: its sender goes away in the middle.
   */
  way: 'whole' | 'slow' | 'broken' | 'aborted';
  /** For how long the request itself asks for an answer to be held back, milliseconds. */
  askedMs: number;
  /** Made by fast-check, which can make it smaller. */
  shrinks?: true;
}

/** What a request brought about. */
export interface Outcome {
  /** `closed`: the connection ended without an answer. `silent`: no answer, and no end. `left`: its sender went away. */
  status: number | 'closed' | 'silent' | 'left';
  body: string;
  /** From the last byte sent to the last byte of the answer, milliseconds. */
  wallMs: number;
}

/** Stands in an input for the name and port of the server that it is sent to: another Host is refused by the local run. */
export const OWN_HOST = '{HOST}';

/** Sends a request to Posthorn. */
export type Send = (input: Input) => Promise<Outcome>;

/** A request, before it is bytes. */
export interface Request {
  method: string;
  /** Path and query, as sent. */
  target: string;
  headers: [name: string, value: string][];
  /** Each character stands for one byte; undefined: none, and no Content-Length. */
  body?: string | undefined;
}

/** UTF-8, each byte as one character. */
export const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

/** A well framed request. */
export function whole({ method, target, headers, body }: Request, askedMs = 0): Input {
  const lines = [`${method} ${target} HTTP/1.1`, `host: ${OWN_HOST}`, ...headers.map((pair) => pair.join(': '))];
  if (body !== undefined) lines.push(`content-length: ${body.length}`);
  return { bytes: `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`, method, way: 'whole', askedMs };
}
