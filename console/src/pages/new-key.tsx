import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { bodyOf } from '../api/client.ts';
import type { Input as InputOf } from '../api/types.ts';
import { useSession } from '../session.tsx';
import { Code } from '../ui/code.tsx';
import { useLeaveGuard } from '../ui/leave-guard.tsx';
import { messageOf } from '../ui/notices.tsx';

const SCOPES = [
  {
    value: 'organization',
    label: 'organization',
    description: "A customer's own subscriptions and log",
    owner: 'The organization whose subscriptions and log the key sees. Required.',
  },
  {
    value: 'events:write',
    label: 'events:write',
    description: 'Publishes events',
    owner: 'The only organization that the key may publish for. Empty: it may publish for every organization.',
  },
  {
    value: 'support',
    label: 'support',
    description: "Everybody's subscriptions and log; no secrets, keys or audit trail",
    owner: undefined,
  },
  { value: 'admin', label: 'admin', description: 'Everything', owner: undefined },
] as const;

const ENDS = [
  { value: '', label: 'never' },
  { value: '1', label: 'in a day' },
  { value: '30', label: 'in 30 days' },
  { value: '90', label: 'in 90 days' },
  { value: '365', label: 'in a year' },
];
const DAY_MS = 86_400_000;

/** The button that had the focus is gone; Esc and copying work from here. */
function focusText(node: HTMLElement | null): void {
  node?.querySelector('pre')?.focus();
}

/** Makes a key and shows it this once: the dialog goes only when the person says that it was copied. */
export function NewKey({ close, made }: { close: () => void; made: () => void }) {
  const { client } = useSession();
  const [scope, setScope] = useState<(typeof SCOPES)[number]>(SCOPES[0]);
  const [organization, setOrganization] = useState('');
  const [account, setAccount] = useState('');
  const [isReadOnly, setReadOnly] = useState(false);
  /** A customer sees its payloads unless told otherwise, support does not. */
  const [isOtherwise, setOtherwise] = useState(false);
  const [end, setEnd] = useState(ENDS[0]!);
  const [description, setDescription] = useState('');
  const [key, setKey] = useState<string>();
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  /** Somebody tried to close it although something would be lost. */
  const [isHeld, setHeld] = useState(false);
  const isTyped = organization !== '' || account !== '' || description !== '';
  const isCustomer = scope.value === 'organization';
  const { dialog, letGo } = useLeaveGuard(key !== undefined || isTyped);
  const isOwnerMissing = scope.value === 'organization' && organization.trim() === '';
  const [isTried, setTried] = useState(false);
  const make = async (): Promise<void> => {
    setTried(true);
    setHeld(false);
    if (isOwnerMissing) return;
    setBusy(true);
    setError(undefined);
    const owner = scope.owner === undefined ? '' : organization.trim();
    try {
      const seesMore = scope.value === 'support' && isOtherwise;
      const body: InputOf<'createApiKey'> = {
        scopes: seesMore ? ['support', 'payloads:read'] : [scope.value],
        ...(owner !== '' && { organization: owner }),
        ...(isCustomer && account.trim() !== '' && { account: account.trim() }),
        ...(isCustomer && isReadOnly && { read_only: true }),
        ...(isCustomer && isOtherwise && { payloads: false }),
        ...(end.value !== '' && { expires_at: new Date(Date.now() + Number(end.value) * DAY_MS).toISOString() }),
        ...(description !== '' && { description }),
      };
      setKey((await bodyOf(client.POST('/v1/api-keys', { body }))).key);
      made();
    } catch (failure) {
      setError(messageOf(failure));
    }
    setBusy(false);
  };
  const leave = (): void => {
    letGo();
    close();
  };
  // A click beside the dialog, Esc and its cross: none may lose a key that is shown once, nor what was typed.
  const dismiss = (): void => (busy || key !== undefined || isTyped ? setHeld(true) : close());
  const footer =
    key === undefined ? (
      <SpaceBetween direction="horizontal" size="xs">
        {isHeld && <Button onClick={leave}>Discard</Button>}
        <Button variant="primary" loading={busy} onClick={() => void make()}>
          Make the key
        </Button>
      </SpaceBetween>
    ) : (
      <Button variant="primary" onClick={leave}>
        I have copied it
      </Button>
    );
  return (
    <>
      <Modal visible header="New API key" closeAriaLabel="Close" onDismiss={dismiss} footer={footer}>
        {key === undefined ? (
          <SpaceBetween size="m">
            {error !== undefined && <Alert type="error">{error}</Alert>}
            {isHeld && !busy && <Alert type="warning">No key has been created yet. Discard your input?</Alert>}
            <FormField label="Scope">
              <Select
                options={SCOPES}
                selectedOption={scope}
                onChange={({ detail }) => {
                  setScope(SCOPES.find(({ value }) => value === detail.selectedOption.value)!);
                  // It means the opposite for another scope.
                  setOtherwise(false);
                }}
              />
            </FormField>
            {scope.owner !== undefined && (
              <FormField
                label="Organization"
                description={scope.owner}
                errorText={isTried && isOwnerMissing && 'Name the organization.'}
              >
                <Input value={organization} onChange={({ detail }) => setOrganization(detail.value)} />
              </FormField>
            )}
            {isCustomer && (
              <FormField label="Account (optional)" description="The key sees only this account of the organization.">
                <Input value={account} onChange={({ detail }) => setAccount(detail.value)} />
              </FormField>
            )}
            {isCustomer && (
              <Checkbox checked={isReadOnly} onChange={({ detail }) => setReadOnly(detail.checked)}>
                May read but change nothing
              </Checkbox>
            )}
            {(isCustomer || scope.value === 'support') && (
              <Checkbox checked={isOtherwise} onChange={({ detail }) => setOtherwise(detail.checked)}>
                {isCustomer
                  ? 'May not see bodies of events and attempts'
                  : 'May see bodies of events and attempts: patient data'}
              </Checkbox>
            )}
            <FormField label="Ends">
              <Select
                options={ENDS}
                selectedOption={end}
                onChange={({ detail }) => setEnd(ENDS.find(({ value }) => value === detail.selectedOption.value)!)}
              />
            </FormField>
            <FormField label="Description (optional)" description="Who uses the key: shown in the audit trail.">
              <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
            </FormField>
          </SpaceBetween>
        ) : (
          <SpaceBetween size="m">
            <Alert type={isHeld ? 'error' : 'warning'}>
              The key is shown only this once, because only its hash is stored.
              {isHeld && ' Copy it, then choose “I have copied it”.'}
            </Alert>
            <div ref={focusText}>
              <Code label="API key" text={key} />
            </div>
          </SpaceBetween>
        )}
      </Modal>
      {dialog}
    </>
  );
}
