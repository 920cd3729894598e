/** One thing wrong with a request, at one place in it. */
export interface ProblemDetail {
  /** JSON Pointer (RFC 6901) into the request body, or `?name` for a query parameter; empty for the whole. */
  pointer: string;
  /** What was expected, what came, what to do. At most 100 characters of the input, never `data`. */
  detail: string;
}

/** The kinds of problem the API answers with: name → status and title. The type is `urn:posthorn:problem:<name>`. */
export const PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'malformed-request': { status: 400, title: 'The request cannot be understood' },
  unauthenticated: { status: 401, title: 'A valid API key is required' },
  forbidden: { status: 403, title: 'The API key may not do this' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'The request conflicts with the current state' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  'invalid-request': { status: 422, title: 'The request is not valid' },
  'idempotency-key-reused': { status: 422, title: 'The idempotency key was used with another body' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Nothing was stored, please send it again' },
} as const;

/** Errors that an answer lists: a request of 100 KB may break a rule thousands of times. */
export const ERRORS_SHOWN = 50;

export type ProblemName = keyof typeof PROBLEMS;

/** Thrown by anything that handles a request; becomes `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly problem: ProblemName;
  readonly errors: ProblemDetail[];
  /** When asking again makes sense, seconds; of 429 alone. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: ProblemName, detail: string, more: ProblemDetail[] | { retryAfterSeconds: number } = []) {
    super(detail);
    this.problem = problem;
    this.errors = Array.isArray(more) ? more : [];
    this.retryAfterSeconds = Array.isArray(more) ? undefined : more.retryAfterSeconds;
  }

  get status(): number {
    return PROBLEMS[this.problem].status;
  }

  /** The answer's body. */
  toBody(): { type: string; title: string; status: number; detail: string; errors?: ProblemDetail[] } {
    const { status, title } = PROBLEMS[this.problem];
    return {
      type: `urn:posthorn:problem:${this.problem}`,
      title,
      status,
      detail: this.message,
      errors: this.errors.length > 0 ? firstOf(this.errors) : undefined,
    };
  }
}

function firstOf(errors: readonly ProblemDetail[]): ProblemDetail[] {
  const more = errors.length - ERRORS_SHOWN;
  return more > 0 ? [...errors.slice(0, ERRORS_SHOWN), { pointer: '', detail: `and ${more} more` }] : [...errors];
}
