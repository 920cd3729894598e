import { Component, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import { Failure } from './failure.tsx';

/** While the page's own file is on its way. */
export function PageLoading() {
  return (
    <Box textAlign="center" padding="xxl">
      <Spinner size="large" /> Loading
    </Box>
  );
}

/** Keeps the frame standing when a page breaks, as when a new version replaced the files of the one that is open. */
export function PageBoundary({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return <Boundary key={pathname}>{children}</Boundary>;
}

class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error ? (
      <Failure error={this.state.error} retry={() => location.reload()} />
    ) : (
      this.props.children
    );
  }
}
