import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

/** Text exactly as it is, with a copy button. */
export function Code({ text, label, pretty = false }: { text: string; label: string; pretty?: boolean }) {
  const shown = pretty ? indented(text) : text;
  return (
    <div className="code">
      <pre tabIndex={0} aria-label={label}>
        {shown === '' ? '(empty)' : shown}
      </pre>
      <CopyToClipboard
        variant="icon"
        copyButtonAriaLabel={`Copy ${label}`}
        copySuccessText="Copied"
        copyErrorText="The browser did not allow it"
        textToCopy={text}
      />
    </div>
  );
}

/**
 * JSON with line breaks for reading. Only blanks between tokens are added, so that numbers keep their digits, which
 * JSON.parse would round.
 */
export function indented(text: string): string {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed) || !isJson(trimmed)) return text;
  let depth = 0;
  const tokens = trimmed.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let out = '';
  tokens.forEach((token, i) => {
    const line = (): string => `\n${'  '.repeat(depth)}`;
    if (token === '{' || token === '[') {
      depth += 1;
      out += token + (isClosing(tokens[i + 1]) ? '' : line());
    } else if (isClosing(token)) {
      depth -= 1;
      out += (/[[{]$/.test(out) ? '' : line()) + token;
    } else if (token === ',') out += token + line();
    else out += token === ':' ? ': ' : token;
  });
  return out;
}

function isClosing(token: string | undefined): boolean {
  return token === '}' || token === ']';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
