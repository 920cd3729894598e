import { useState, type ReactNode } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { messageOf } from './notices.tsx';

/** Asks before something that cannot be undone. An error stays in the dialog, so that it can be tried again. */
export function Confirm(props: {
  title: string;
  children: ReactNode;
  /** On the button: the verb. */
  verb: string;
  /** Whether enough was said to do it. @default true */
  ready?: boolean;
  /** @throws what is then shown. */
  act: () => Promise<unknown>;
  close: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  // An answer that is on its way may be an error, and would be told to nobody.
  const dismiss = (): void => {
    if (!busy) props.close();
  };
  const act = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await props.act();
      props.close();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };
  return (
    <Modal
      visible
      header={props.title}
      closeAriaLabel="Close"
      onDismiss={dismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" disabled={busy} onClick={dismiss}>
              Cancel
            </Button>
            <Button variant="primary" loading={busy} disabled={props.ready === false} onClick={() => void act()}>
              {props.verb}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {props.children}
        {error !== undefined && <Alert type="error">{error}</Alert>}
      </SpaceBetween>
    </Modal>
  );
}
