import { Problem } from '../../domain/problem.ts';

/** Ways a file can travel, best first. `identity`: as it is. */
export type ContentEncoding = 'br' | 'gzip' | 'identity';

/** The built console: each file by its name below `/console/`. */
export interface ConsoleFiles {
  /** Media type of a file; undefined: there is none of this name. */
  typeOf(name: string): string | undefined;
  read(name: string, encoding: ContentEncoding): Promise<Buffer>;
}

/** A file as an answer. */
export interface FileAnswer {
  statusCode: number;
  headers: Record<string, string>;
  /** Base64: compressed bytes are no text. */
  body: string;
  isBase64Encoded: true;
}

/** The page that every address of the console begins with; its script reads the address. */
const PAGE = 'index.html';
/** Vite names these by a hash of what is in them. */
const HASHED = /^assets\//;
/** Documents for customers, made by scripts/docs-site.ts. */
const DOCS = /^\/docs(\/|$)/;

/**
 * How long a browser that has seen the console asks for it by https alone, a year. Browsers ignore this over http, as of `npm start`
 * (RFC 6797 §8.1). Not for names below the operator's, which are not ours to decide on.
 */
const HTTPS_ONLY_SECONDS = 31_536_000;

/**
 * Only files of our own, nothing inline, no frames but in pages that the operator names: a page that shows signing secrets and patient data must not run, send
 * or be framed by anything foreign. https://www.w3.org/TR/CSP3/
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
];

/** @param frameAncestors origins, separated by blanks; empty: none. */
function policyFor(frameAncestors: string): string {
  return [...POLICY, `frame-ancestors ${frameAncestors || "'none'"}`].join('; ');
}

/**
 * The file for a path: `/`, `/console` and every path below it that is no file give the page, so that any address of the
 * console can be opened, shared and reloaded; below `/docs` are documents, each without its `.html`.
 * @param frameAncestors origins of pages that may show it in a frame, separated by blanks.
 * @throws Problem not-found for a hashed file that this version does not have.
 */
export async function serveConsole(
  files: ConsoleFiles,
  path: string,
  acceptEncoding: string | undefined,
  frameAncestors = '',
): Promise<FileAnswer> {
  const name = DOCS.test(path) ? documentAt(path, files) : consoleFileAt(path, files);
  const encoding = bestEncoding(acceptEncoding);
  const bytes = await files.read(name, encoding);
  return {
    statusCode: 200,
    headers: {
      'content-type': files.typeOf(name)!,
      'cache-control': HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
      vary: 'accept-encoding',
      'content-security-policy': policyFor(frameAncestors),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'strict-transport-security': `max-age=${HTTPS_ONLY_SECONDS}`,
    },
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  };
}

/** @throws Problem not-found */
function consoleFileAt(path: string, files: ConsoleFiles): string {
  const asked = path.replace(/^\/(console\/)?/, '');
  if (files.typeOf(asked) !== undefined) return asked;
  if (!HASHED.test(asked)) return PAGE;
  throw new Problem('not-found', 'This version of the console has no such file. Reload the page.');
}

/** @throws Problem not-found */
function documentAt(path: string, files: ConsoleFiles): string {
  const asked = path.slice(1).replace(/\/$/, '');
  const name = [asked === 'docs' ? 'docs/index.html' : asked, `${asked}.html`].find(
    (one) => files.typeOf(one) !== undefined,
  );
  if (name === undefined) throw new Problem('not-found', 'There is no such document. /docs lists them all.');
  return name;
}

/** The best encoding that the caller takes (RFC 9110 §12.5.3; `q=0` refuses). */
function bestEncoding(accepted: string | undefined): ContentEncoding {
  const offers = new Map(
    (accepted ?? '').split(',').map((offer) => {
      const [name = '', ...parameters] = offer
        .toLowerCase()
        .split(';')
        .map((part) => part.trim());
      return [name, parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))] as const;
    }),
  );
  const takes = (name: string): boolean => (offers.get(name) ?? offers.get('*')) === false;
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : 'identity';
}
