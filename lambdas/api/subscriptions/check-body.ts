import type { z } from 'zod';
import type { ProblemDetail } from '../../domain/problem.ts';
import type { SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import { check } from '../http/validate.ts';

/**
 * Checks the body of a new subscription or of a change, with its URLs, whose rules are a matter of settings: whoever sends it
 * hears of all that is wrong at once.
 */
export function checkBody<T extends z.ZodType>(
  schema: T,
  value: unknown,
  { rules }: { rules: Pick<SubscriptionRules, 'checkUrl'> },
): z.output<T> {
  const { url, auth } = membersOf(value);
  const places = [
    ['/url', url],
    ['/auth/token_url', membersOf(auth).token_url],
  ] as const;
  return check(
    schema,
    value,
    '',
    places.flatMap(([pointer, text]): ProblemDetail[] => {
      const checked = typeof text === 'string' ? rules.checkUrl(text) : undefined;
      return checked === undefined || checked.ok ? [] : [{ pointer, detail: checked.detail }];
    }),
  );
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
