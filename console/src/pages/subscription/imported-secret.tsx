import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';

/** A signing secret that the customer has already, from a platform that was used before. */
export function ImportedSecret({
  secret,
  change,
  error,
}: {
  secret: string;
  change: (secret: string) => void;
  error: string;
}) {
  return (
    <FormField
      label="Signing secret of the customer (optional)"
      description="Only if the receiver already has one: whsec_ and base64 of 24 to 64 bytes. Otherwise a new one is created."
      errorText={error}
      stretch
    >
      <Input
        type="password"
        autoComplete="new-password"
        spellcheck={false}
        placeholder="whsec_…"
        value={secret}
        onChange={({ detail }) => change(detail.value)}
      />
    </FormField>
  );
}
