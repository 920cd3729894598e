import type { ReactNode } from 'react';
import { useHref, useNavigate } from 'react-router';
import CloudscapeLink from '@cloudscape-design/components/link';

/**
 * A link inside the console: a real address for a new tab, no reload in this one.
 * @param to a function is asked again when the link is followed: a filter may have been chosen since it was drawn.
 */
export function Link({ to, children }: { to: string | (() => string); children: ReactNode }) {
  const target = (): string => (typeof to === 'string' ? to : to());
  const href = useHref(target());
  const navigate = useNavigate();
  return (
    <CloudscapeLink
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(target());
      }}
    >
      {children}
    </CloudscapeLink>
  );
}
