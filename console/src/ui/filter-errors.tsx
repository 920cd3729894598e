import { createContext, useContext, type ReactNode } from 'react';
import FormField from '@cloudscape-design/components/form-field';
import { ApiError } from '../api/client.ts';

const FilterErrors = createContext<unknown>(undefined);

/** Filters of a list, in a row; what the API says against one of them stands below it. @param error of the list. */
export function Filters({ error, children }: { error: unknown; children: ReactNode }) {
  return (
    <FilterErrors value={error}>
      <div className="filters">{children}</div>
    </FilterErrors>
  );
}

/** One filter, with what is wrong with it. @param names what the API calls it. @param own what the page itself says. */
export function FilterField({
  names,
  own,
  children,
}: {
  names: string[];
  own?: string | undefined;
  children: ReactNode;
}) {
  const error = useContext(FilterErrors);
  return <FormField errorText={own ?? detailAt(error, names)}>{children}</FormField>;
}

/** Whether all that an error says is said beside filters: then nothing else need say it. */
export function isAboutFilters(error: unknown): boolean {
  return (
    error instanceof ApiError && error.errors.length > 0 && error.errors.every(({ pointer }) => pointer.startsWith('?'))
  );
}

function detailAt(error: unknown, names: string[]): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const details = error.errors.filter(({ pointer }) => names.includes(pointer.slice(1))).map(({ detail }) => detail);
  return details.length > 0 ? details.join(' ') : undefined;
}
