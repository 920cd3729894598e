import { useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import { wantedOf } from '../pages/find/wanted.ts';
import { isTyping } from './shortcuts.tsx';
import { useRested } from './use-rested.ts';

const FIND = '/console/find';
/** Links to what was found. */
export const ANSWERS = '[data-answers] :is(li, td, th) a';
/** Rest between the last key and the search, milliseconds, where the answer is on the screen already. */
const REST_MS = 300;

/**
 * One box for whatever a customer says: an id leads to its page at once, all else to what was found. `/` goes to it, ↓ from it
 * to the first answer.
 */
export function FindBox() {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const isFinding = pathname === FIND;
  const asked = isFinding ? (new URLSearchParams(search).get('q') ?? '') : '';
  const [typed, setTyped] = useState(asked);
  const input = useRef<InputProps.Ref>(null);
  useEffect(() => setTyped(asked), [asked]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== '/' || isTyping(event)) return;
      event.preventDefault();
      input.current?.select();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  const rested = useRested(typed, REST_MS);
  const go = (text: string, replace: boolean): void => {
    const { page, words } = wantedOf(text);
    if (page !== undefined) void navigate(page, { replace });
    else if (words !== '') void navigate(`${FIND}?q=${encodeURIComponent(words)}`, { replace });
  };
  useEffect(() => {
    if (isFinding && rested === typed && wantedOf(rested).words !== asked) go(rested, true);
  }, [rested]);
  return (
    <form
      className="find-box"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        go(typed, isFinding);
      }}
    >
      <Input
        ref={input}
        type="search"
        ariaLabel="Find"
        placeholder="Find: visit number, id, URL, organization"
        value={typed}
        onChange={({ detail }) => setTyped(detail.value)}
        onKeyDown={(event) => {
          const first = document.querySelector<HTMLElement>(ANSWERS);
          if (event.detail.key !== 'ArrowDown' || !first) return;
          event.preventDefault();
          first.focus();
        }}
      />
    </form>
  );
}
