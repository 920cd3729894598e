import type { ReactNode } from 'react';
import { useHref, useNavigate } from 'react-router';
import CloudscapeLink from '@cloudscape-design/components/link';

/** A link inside the console: a real address for a new tab, no reload in this one. */
export function Link({ to, children }: { to: string; children: ReactNode }) {
  const href = useHref(to);
  const navigate = useNavigate();
  return (
    <CloudscapeLink
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        void navigate(to);
      }}
    >
      {children}
    </CloudscapeLink>
  );
}
