import type { ReactNode } from 'react';
import CloudscapeLink from '@cloudscape-design/components/link';
import { BASE_PATH } from '../base-path.ts';

/** A link to a document for customers, in a tab of its own: what is on the screen stays. @param to below `/docs/` */
export function DocsLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <CloudscapeLink external externalIconAriaLabel="Opens in a new tab" href={`${BASE_PATH}/docs/${to}`}>
      {children}
    </CloudscapeLink>
  );
}
