import { useEffect } from 'react';

/** What the tab is called, so that ten of them differ. @param text undefined leaves it to another part of the page. */
export function useTitle(text: string | undefined): void {
  useEffect(() => {
    if (text !== undefined) document.title = `${text} · Posthorn`;
  }, [text]);
}
