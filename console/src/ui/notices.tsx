import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import Button from '@cloudscape-design/components/button';
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { ApiError } from '../api/client.ts';

/** Something that happened, told above the page. */
export interface Notice {
  type: 'success' | 'error' | 'info';
  text: ReactNode;
  /** Offered as a button. */
  undo?: () => Promise<unknown>;
}

interface Notices {
  items: FlashbarProps.MessageDefinition[];
  notify(notice: Notice): void;
}

const NoticesContext = createContext<Notices | undefined>(undefined);
/** More would hide the page; the oldest goes. */
const MOST = 3;

export function NoticesProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<FlashbarProps.MessageDefinition[]>([]);
  const notify = useCallback(({ type, text, undo }: Notice) => {
    const id = crypto.randomUUID();
    const dismiss = (): void => setItems((all) => all.filter((item) => item.id !== id));
    const takeBack = (): void => {
      dismiss();
      undo?.().catch((error: unknown) => notify({ type: 'error', text: messageOf(error) }));
    };
    const item: FlashbarProps.MessageDefinition = {
      id,
      type,
      content: text,
      dismissible: true,
      onDismiss: dismiss,
      ...(undo ? { action: <Button onClick={takeBack}>Undo</Button> } : {}),
    };
    setItems((all) => [item, ...all].slice(0, MOST));
  }, []);
  const value = useMemo(() => ({ items, notify }), [items, notify]);
  return <NoticesContext value={value}>{children}</NoticesContext>;
}

export function useNotify(): Notices['notify'] {
  return useNotices().notify;
}

export function NoticeBar() {
  const { items } = useNotices();
  return items.length === 0 ? null : <Flashbar items={items} />;
}

/** The API's own words for what went wrong, with every place that is wrong. */
export function messageOf(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const places = error.errors.map(({ pointer, detail }) => `${placeOf(pointer)}: ${detail}`);
  return [error.message, ...places].join(' ');
}

/** `/events/0` and `?organization` as a person names them. */
function placeOf(pointer: string): string {
  return pointer.replace(/^[/?]/, '').replaceAll('/', ' ') || 'the whole';
}

function useNotices(): Notices {
  const notices = useContext(NoticesContext);
  if (!notices) throw new Error('Expected a NoticesProvider above.');
  return notices;
}
