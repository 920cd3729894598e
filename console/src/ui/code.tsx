import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { indented } from './indented.ts';

/** Text exactly as it is, with a copy button. */
export function Code({ text, label, pretty = false }: { text: string; label: string; pretty?: boolean }) {
  const shown = pretty ? indented(text) : text;
  return (
    <div className="code">
      <pre tabIndex={0} aria-label={label}>
        {shown === '' ? '(empty)' : shown}
      </pre>
      <div className="code-copy">
        <CopyToClipboard
          variant="icon"
          copyButtonAriaLabel={`Copy ${label}`}
          copySuccessText="Copied"
          copyErrorText="The browser did not allow it"
          textToCopy={text}
        />
      </div>
    </div>
  );
}
