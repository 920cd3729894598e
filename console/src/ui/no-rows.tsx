import type { ReactNode } from 'react';
import { Empty } from './empty.tsx';
import { Failure } from './failure.tsx';
import { isAboutFilters } from './filter-errors.tsx';
import type { Pages } from './use-pages.ts';

/** In place of a list's rows when there are none. A refused filter leaves the filters where they are, to be mended. */
export function NoRows({ of, children }: { of: Pages<unknown>; children: ReactNode }) {
  if (isAboutFilters(of.error)) return <Empty title="A filter cannot be understood">See above.</Empty>;
  return of.error ? <Failure error={of.error} retry={of.reload} /> : children;
}
