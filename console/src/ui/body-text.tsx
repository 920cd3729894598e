import { useMemo, useRef, useState } from 'react';
import Button from '@cloudscape-design/components/button';
import Input from '@cloudscape-design/components/input';
import { CopyCode } from './code.tsx';
import { allFolded, foldedAtFirst, linesOf, pieces, visibleLines, type Line } from './folding.ts';

/** What has fewer lines is seen at a glance: there is nothing to fold or to look for. */
const SHORT = 12;
/** Lines drawn at once: more would stop the page. */
const MOST_LINES = 3000;

/**
 * A body: JSON with line breaks, folding and a search, or raw as it was sent; any other text as it is. What is copied is always
 * the raw text.
 */
export function BodyText({ text, label }: { text: string; label: string }) {
  const { lines, isJson } = useMemo(() => linesOf(text), [text]);
  const [isRaw, setRaw] = useState(false);
  const [folded, setFolded] = useState(() => foldedAtFirst(lines));
  const [search, setSearch] = useState('');
  const isLong = lines.length > SHORT || text.length > SHORT * 80;
  const shown = isRaw ? text.split('\n').map((line): Line => ({ text: line })) : lines;
  // What is looked for may lie in something folded.
  const visible = visibleLines(shown, isRaw || search !== '' ? new Set() : folded);
  const count = search === '' ? 0 : shown.reduce((sum, line) => sum + (pieces(line.text, search).length - 1) / 2, 0);
  const toggle = (at: number): void =>
    setFolded((now) => new Set(now.has(at) ? [...now].filter((one) => one !== at) : [...now, at]));
  const { box, next } = useNextMatch(search);
  return (
    <div className="code">
      {(isJson || isLong) && text !== '' && (
        <div className="code-tools">
          {isJson && (
            <Button
              variant="inline-link"
              ariaLabel={`${isRaw ? 'Pretty' : 'Raw'}: ${label}`}
              onClick={() => setRaw(!isRaw)}
            >
              {isRaw ? 'Pretty' : 'Raw'}
            </Button>
          )}
          {isJson && isLong && !isRaw && (
            <>
              <Button
                variant="inline-link"
                ariaLabel={`Fold all: ${label}`}
                onClick={() => setFolded(allFolded(lines))}
              >
                Fold all
              </Button>
              <Button variant="inline-link" ariaLabel={`Unfold all: ${label}`} onClick={() => setFolded(new Set())}>
                Unfold all
              </Button>
            </>
          )}
          {isLong && (
            <span className="code-search">
              <Input
                type="search"
                ariaLabel={`Search in ${label}`}
                clearAriaLabel="Clear"
                placeholder="Search"
                value={search}
                onChange={({ detail }) => setSearch(detail.value)}
                onKeyDown={({ detail }) => detail.key === 'Enter' && next()}
              />
              <span aria-live="polite">{search === '' ? '' : `${count} found`}</span>
            </span>
          )}
        </div>
      )}
      <pre ref={box} tabIndex={0} aria-label={label}>
        {text === '' && '(empty)'}
        {visible.slice(0, MOST_LINES).map((at, row) => (
          <LineText
            key={at}
            line={shown[at]!}
            search={search}
            isFolded={visible[row + 1] !== at + 1 && shown[at]!.end !== undefined}
            isLast={row === visible.length - 1}
            closing={shown[at]!.end === undefined ? '' : shown[shown[at]!.end]!.text.trim()}
            toggle={isRaw || search !== '' ? undefined : () => toggle(at)}
            at={at}
          />
        ))}
        {visible.length > MOST_LINES && `… ${visible.length - MOST_LINES} lines more: copy it to see all`}
      </pre>
      <CopyCode text={text} label={label} />
    </div>
  );
}

function LineText({
  line,
  search,
  isFolded,
  isLast,
  closing,
  toggle,
  at,
}: {
  line: Line;
  search: string;
  isFolded: boolean;
  isLast: boolean;
  closing: string;
  toggle: (() => void) | undefined;
  at: number;
}) {
  return (
    <>
      {line.end !== undefined && toggle && (
        <button
          type="button"
          className="fold"
          aria-expanded={!isFolded}
          aria-label={`${isFolded ? 'Unfold' : 'Fold'} line ${at + 1}`}
          onClick={toggle}
        />
      )}
      {pieces(line.text, search).map((piece, n) => (n % 2 === 1 ? <mark key={n}>{piece}</mark> : piece))}
      {isFolded && ` … ${line.end! - at - 1} lines … ${closing}`}
      {!isLast && '\n'}
    </>
  );
}

/** Goes from match to match, and to the first one again after the last. */
function useNextMatch(search: string) {
  const box = useRef<HTMLPreElement>(null);
  const at = useRef({ search, match: -1 });
  const next = (): void => {
    const marks = [...(box.current?.querySelectorAll('mark') ?? [])];
    if (marks.length === 0) return;
    at.current = { search, match: at.current.search === search ? (at.current.match + 1) % marks.length : 0 };
    marks[at.current.match]!.scrollIntoView({ block: 'nearest' });
  };
  return { box, next };
}
