import type { Problem } from '../lambdas/domain/problem.ts';
import { readOutputs, type StackOutputs } from './outputs.ts';

/** A call of the API; an answer without a body is an empty object. @throws with the API's own words when it refuses. */
export type Call = <T>(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<T>;

/** What of an answer of 4xx or 5xx is read. */
type Refusal = Partial<Pick<ReturnType<Problem['toBody']>, 'detail' | 'errors'>>;

/** The API's own words, with each error on a line of its own after the place that it is about: `  /since: expected …`. */
function describeRefusal({ detail = 'no reason', errors = [] }: Refusal): string {
  const each = errors.map((error) => (error.pointer === '' ? error.detail : `${error.pointer}: ${error.detail}`));
  return [detail, ...each].join('\n  ');
}

/** Calls the API of a stack as an operator. @param usage is added to the error when there is no key. */
export function createCall(
  { key: given, outputs }: { key?: string | undefined; outputs: string },
  usage: string,
): Call {
  let stack: StackOutputs | undefined;
  return async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> => {
    stack ??= readOutputs(outputs);
    const key = given ?? process.env.POSTHORN_API_KEY ?? stack.local('AdminApiKey');
    if (key === undefined) throw new Error(`Expected an API key: --key or POSTHORN_API_KEY.\n${usage}`);
    const response = await fetch(`${stack.output('ApiUrl')}${path}`, {
      method,
      headers: { ...headers, authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const answer = (text === '' ? {} : JSON.parse(text)) as T & Refusal;
    if (!response.ok) throw new Error(`${response.status}: ${describeRefusal(answer)}`);
    return answer;
  };
}
