import { useEffect, useRef, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { NoticeBar } from '../../ui/notices.tsx';
import { isTyping } from '../../ui/shortcuts.tsx';
import { useNarrow, WIDE } from '../../ui/use-narrow.ts';
import { Call } from './call.tsx';

/** Keys that go to another call, and how many rows on. */
const STEPS: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/**
 * The call that was chosen: beside the log where there is room, else as a drawer over the page. It takes the focus; Esc closes
 * it; arrows, j and k go through the calls of the list.
 * @param calls ids of the list, in its order
 */
export function CallPanel({
  call,
  calls,
  choose,
  close,
}: {
  call: string;
  calls: readonly string[];
  choose: (id: string) => void;
  close: () => void;
}) {
  const isOver = useNarrow(WIDE);
  const panel = useRef<HTMLElement>(null);
  const at = calls.indexOf(call);
  useEffect(() => {
    panel.current?.focus({ preventScroll: !isOver });
    bringIntoSight(panel.current);
  }, [call, isOver]);
  const last = useRef(call);
  last.current = call;
  useEffect(() => () => focusRow(last.current), []);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isTyping(event) || isInList(event)) return;
      if (event.key === 'Escape') return close();
      const next = calls[at + (STEPS[event.key] ?? Infinity)];
      if (next === undefined || (event.key.startsWith('Arrow') && !isFree(event, panel.current))) return;
      event.preventDefault();
      choose(next);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
  const content = (
    <section
      key={call}
      ref={panel}
      className={isOver ? 'call over' : 'call'}
      aria-label={at < 0 ? 'Call' : `Call ${at + 1} of ${calls.length} on this page`}
      tabIndex={-1}
      {...(isOver && { role: 'dialog', 'aria-modal': true })}
    >
      {isOver && <NoticeBar />}
      <Call id={call} close={close} />
    </section>
  );
  return isOver ? <Over close={close}>{content}</Over> : content;
}

/** Over the page: nothing below it can be reached until it is closed. */
function Over({ close, children }: { close: () => void; children: ReactNode }) {
  useEffect(() => {
    const page = document.getElementById('root')!;
    page.inert = true;
    return () => {
      page.inert = false;
    };
  }, []);
  return createPortal(
    <>
      <div className="backdrop" onClick={close} />
      {children}
    </>,
    document.body,
  );
}

/** Beside a log that begins low on the page, little of a call would be seen; of a log that is scrolled already, all is. */
function bringIntoSight(panel: HTMLElement | null): void {
  if (panel && panel.getBoundingClientRect().top > window.innerHeight / 2) panel.scrollIntoView();
}

/** Gives the focus back to the row of the call that was open last. */
function focusRow(call: string): void {
  // Once the page below a drawer can be reached again.
  setTimeout(() => {
    if (document.querySelector('.call')) return;
    document.querySelector<HTMLElement>(`[data-call="${CSS.escape(call)}"] a`)?.focus();
  });
}

/** Of a list that hangs open: it closes by the same key. */
function isInList({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest('[aria-haspopup][aria-expanded=true]') !== null;
}

/** Whether an arrow has nothing else to do where the focus is: no text to scroll, no tabs, no cells of a table. */
function isFree({ target }: KeyboardEvent, panel: HTMLElement | null): boolean {
  if (target === document.body) return true;
  return (
    target instanceof Element &&
    panel?.contains(target) === true &&
    target.closest('pre, [role=tablist], td, .code-tools') === null
  );
}
