import Pagination from '@cloudscape-design/components/pagination';
import type { Pages } from './use-pages.ts';

/** Pages of a list whose end nobody knows. */
export function Pager({ of }: { of: Pages<unknown> }) {
  return (
    <Pagination
      currentPageIndex={of.page}
      pagesCount={of.hasNext ? of.page + 1 : of.page}
      openEnd={of.hasNext}
      onChange={({ detail }) => of.goTo(detail.currentPageIndex)}
      onNextPageClick={({ detail }) => of.goTo(detail.requestedPageIndex)}
    />
  );
}
