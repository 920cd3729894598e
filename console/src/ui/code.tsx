import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

/** Text exactly as it is, with a copy button. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <div className="code">
      <pre tabIndex={0} aria-label={label}>
        {text === '' ? '(empty)' : text}
      </pre>
      <CopyCode text={text} label={label} />
    </div>
  );
}

/** The copy button in the corner of some text. */
export function CopyCode({ text, label }: { text: string; label: string }) {
  return (
    <div className="code-copy">
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
