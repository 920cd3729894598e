import { useEffect, useRef, type ReactNode } from 'react';
import { useBlocker } from 'react-router';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';

/** Forms on the screen that hold what is not stored. */
const changed = new Set<symbol>();

/** Whether going away now would lose something, for what is no change of the page: signing out. */
export function isSomethingUnsaved(): boolean {
  return changed.size > 0;
}

/**
 * Asks before somebody leaves a form that holds what is not stored: by a link, by Back, by closing the tab.
 * @returns the dialog to render, and what lets the person go once all is stored.
 */
export function useLeaveGuard(isChanged: boolean): { dialog: ReactNode; letGo: () => void } {
  const free = useRef(false);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      !free.current && isChanged && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!isChanged) return;
    const form = Symbol('form');
    // The browser asks in words of its own.
    const ask = (event: BeforeUnloadEvent): void => {
      if (!free.current) event.preventDefault();
    };
    changed.add(form);
    addEventListener('beforeunload', ask);
    return () => {
      changed.delete(form);
      removeEventListener('beforeunload', ask);
    };
  }, [isChanged]);
  const letGo = (): void => {
    free.current = true;
    changed.clear();
  };
  if (blocker.state !== 'blocked') return { dialog: null, letGo };
  const stay = (): void => blocker.reset();
  const dialog = (
    <Modal
      visible
      header="Leave without saving?"
      closeAriaLabel="Close"
      onDismiss={stay}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => blocker.proceed()}>
              Leave
            </Button>
            <Button variant="primary" onClick={stay}>
              Stay
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      Your input on this page is not saved.
    </Modal>
  );
  return { dialog, letGo };
}
