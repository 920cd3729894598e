import type { ReactNode } from 'react';
import { Failure } from './failure.tsx';
import type { Pages } from './use-pages.ts';

/** In place of a list's rows when there are none. A refused filter leaves the filters where they are, to be mended. */
export function NoRows({ of, children }: { of: Pages<unknown>; children: ReactNode }) {
  return of.error ? <Failure error={of.error} retry={of.reload} /> : children;
}
