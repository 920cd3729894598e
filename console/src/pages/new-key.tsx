import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Answer } from '../api/types.ts';
import { useSession } from '../session.tsx';
import { Code } from '../ui/code.tsx';
import { messageOf } from '../ui/notices.tsx';

const SCOPES = [
  { value: 'organization', label: 'organization', description: "A customer's own subscriptions and log" },
  { value: 'events:write', label: 'events:write', description: 'Publishes events' },
  { value: 'admin', label: 'admin', description: 'Everything' },
];

/** Makes a key and shows it this once. */
export function NewKey({ close, made }: { close: () => void; made: () => void }) {
  const { client } = useSession();
  const [scope, setScope] = useState(SCOPES[0]!);
  const [organization, setOrganization] = useState('');
  const [description, setDescription] = useState('');
  const [key, setKey] = useState<string>();
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const make = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const body = {
        scopes: [scope.value],
        ...(organization && scope.value !== 'admin' ? { organization } : {}),
        ...(description ? { description } : {}),
      };
      setKey((await client.send<Answer<'createApiKey'>>('POST', '/v1/api-keys', body)).key);
      made();
    } catch (failure) {
      setError(messageOf(failure));
    }
    setBusy(false);
  };
  return (
    <Modal
      visible
      header="New API key"
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        key === undefined ? (
          <Button variant="primary" loading={busy} onClick={() => void make()}>
            Make the key
          </Button>
        ) : (
          <Button variant="primary" onClick={close}>
            I have copied it
          </Button>
        )
      }
    >
      {key === undefined ? (
        <SpaceBetween size="m">
          {error !== undefined && <Alert type="error">{error}</Alert>}
          <FormField label="Scope">
            <Select
              options={SCOPES}
              selectedOption={scope}
              onChange={({ detail }) => setScope(SCOPES.find(({ value }) => value === detail.selectedOption.value)!)}
            />
          </FormField>
          {scope.value !== 'admin' && (
            <FormField label="Organization" description="The only one that the key may act for.">
              <Input value={organization} onChange={({ detail }) => setOrganization(detail.value)} />
            </FormField>
          )}
          <FormField label="Description (optional)">
            <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
          </FormField>
        </SpaceBetween>
      ) : (
        <SpaceBetween size="m">
          <Alert type="warning">This is the only time that the key is shown: only its hash is stored.</Alert>
          <Code label="API key" text={key} />
        </SpaceBetween>
      )}
    </Modal>
  );
}
