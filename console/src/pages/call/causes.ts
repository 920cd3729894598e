import type { Attempt } from '../../api/types.ts';

/**
 * Where the troubleshooting says what causes a call to fail most, and in which words to link it.
 * @returns undefined for a call that was delivered.
 */
export function causesOf({
  outcome,
  status,
  fault,
}: Pick<Attempt, 'outcome' | 'status' | 'fault'>): { to: string; text: string } | undefined {
  if (outcome === 'delivered') return undefined;
  const at = (heading: string, text: string) => ({ to: `troubleshooting#${heading}`, text });
  const wasTried = outcome === 'failed' || outcome === 'exhausted';
  // A 2xx that did not count is no fault of the endpoint: the subscription asks for another one.
  if (wasTried && status !== undefined && status >= 300) return at('by-status', `Most frequent causes of ${status}`);
  if (fault !== undefined || (wasTried && status === undefined)) {
    return at('without-a-status', 'Why an attempt gets no answer');
  }
  return at('by-outcome', `What ${outcome} means, and what to do`);
}
