import type { ReactNode } from 'react';
import Box from '@cloudscape-design/components/box';

/** In place of a list's rows when there are none: says so, and what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Box textAlign="center" color="inherit" padding="l">
      <b>{title}</b>
      {children !== undefined && <Box color="text-body-secondary">{children}</Box>}
    </Box>
  );
}
