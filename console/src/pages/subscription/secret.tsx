import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Secrets, Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Failure } from '../../ui/failure.tsx';
import { messageOf, useNotify } from '../../ui/notices.tsx';
import { Time } from '../../ui/time.tsx';

const DEFAULT_OVERLAP = '24';

/** The signing secrets, shown only when asked for, and their rotation. */
export function Secret({ subscription, close }: { subscription: Subscription; close: () => void }) {
  const [isShown, setShown] = useState(false);
  const { client } = useSession();
  const path = `/v1/subscriptions/${subscription.id}/secret`;
  const { data, error, refetch } = useQuery({
    queryKey: [path],
    queryFn: () => client.get<Secrets>(path),
    enabled: isShown,
    // A secret stays in memory only while it is on the screen.
    gcTime: 0,
  });
  return (
    <Modal
      visible
      header="Signing secret"
      closeAriaLabel="Close"
      onDismiss={close}
      footer={<Button onClick={close}>Close</Button>}
    >
      <SpaceBetween size="l">
        {!isShown && <Button onClick={() => setShown(true)}>Show the secret</Button>}
        {error && <Failure error={error} retry={() => void refetch()} />}
        {data?.secrets.map(({ secret, created_at, expires_at }, i) => (
          <div key={secret}>
            <span className="key">{secret}</span>{' '}
            <CopyToClipboard
              variant="icon"
              copyButtonAriaLabel="Copy the secret"
              copySuccessText="Copied"
              copyErrorText="The browser did not allow it"
              textToCopy={secret}
            />
            <div>
              {i === 0 ? 'Newest' : 'Older'}, made <Time iso={created_at} />
              {expires_at !== undefined && (
                <>
                  , valid until <Time iso={expires_at} />
                </>
              )}
            </div>
          </div>
        ))}
        <Rotate subscription={subscription} rotated={() => setShown(true)} path={path} />
      </SpaceBetween>
    </Modal>
  );
}

function Rotate({ subscription, rotated, path }: { subscription: Subscription; rotated: () => void; path: string }) {
  const { client } = useSession();
  const notify = useNotify();
  const queries = useQueryClient();
  const [overlap, setOverlap] = useState(DEFAULT_OVERLAP);
  const [isSure, setSure] = useState(false);
  const [error, setError] = useState<string>();
  const rotate = async (): Promise<void> => {
    setError(undefined);
    try {
      const body = { overlap_hours: Number(overlap) };
      await client.send('POST', `/v1/subscriptions/${subscription.id}/rotate-secret`, body);
      await queries.invalidateQueries({ queryKey: [path] });
      notify({ type: 'success', text: 'A new signing secret is in use.' });
      rotated();
    } catch (failure) {
      setError(messageOf(failure));
    }
    setSure(false);
  };
  return (
    <SpaceBetween size="s">
      <FormField
        label="Rotate: hours for which the older secrets stay valid"
        description="Until then every request is signed with both. 0 ends them at once."
        errorText={error}
      >
        <Input type="number" inputMode="numeric" value={overlap} onChange={({ detail }) => setOverlap(detail.value)} />
      </FormField>
      {isSure ? (
        <Alert
          type="warning"
          action={<Button onClick={() => void rotate()}>Rotate now</Button>}
          header="Make a new secret?"
        >
          The customer must take the new one within {overlap} hours. That cannot be undone.
        </Alert>
      ) : (
        <Button onClick={() => setSure(true)}>Rotate the secret</Button>
      )}
    </SpaceBetween>
  );
}
