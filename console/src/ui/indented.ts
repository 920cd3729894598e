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
