import { useEffect, useState } from 'react';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';

/** Keys that mean something on every page, and what. */
const KEYS = [
  ['/', 'Find an id, a visit number, part of a URL, an organization'],
  ['↓ ↑ or j k', 'The next or the previous attempt, while one is open'],
  ['Esc', 'Close an open attempt, dialog or list'],
  ['?', 'This list'],
] as const;

/** Whether a key is typed into something, or meant for an open dialog: then it is no shortcut. */
export function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true;
  if (document.querySelector('[role=dialog][aria-modal=true]:not(.call)')) return true;
  return (
    target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role=listbox]') !== null
  );
}

/** `?` shows which keys there are; the button shows it to whoever does not know of `?`. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== '?' || isTyping(event)) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button variant="inline-link" onClick={() => setOpen(true)} ariaLabel="Keyboard shortcuts">
        ?
      </Button>
      {isOpen && (
        <Modal
          visible
          header="Keyboard shortcuts"
          closeAriaLabel="Close"
          onDismiss={close}
          footer={<Button onClick={close}>Close</Button>}
        >
          <KeyValuePairs items={KEYS.map(([label, value]) => ({ label: <kbd>{label}</kbd>, value }) as never)} />
        </Modal>
      )}
    </>
  );
}
