import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ApiError } from '../../api/client.ts';
import type { Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Failure } from '../../ui/failure.tsx';
import { counted } from '../../ui/counted.ts';
import { messageOf, useNotify } from '../../ui/notices.tsx';
import { Time } from '../../ui/time.tsx';
import { wholeNumber } from '../../ui/whole-number.ts';
import { ImportedSecret } from './imported-secret.tsx';
import { secretQuery } from './secret-query.ts';
import { detailsOf } from './use-submit.ts';

const DEFAULT_OVERLAP = '24';
/** Hours for which older secrets may stay valid. */
const OVERLAP = { from: 0, to: 168 };

/** The signing secrets, shown only when asked for, and their rotation. */
export function Secret({ subscription, close }: { subscription: Subscription; close: () => void }) {
  const [isShown, setShown] = useState(false);
  const { client, mayChange } = useSession();
  const { data, error, refetch } = useQuery({ ...secretQuery(client, subscription.id), enabled: isShown });
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
        {mayChange && <Rotate subscription={subscription} rotated={() => setShown(true)} />}
      </SpaceBetween>
    </Modal>
  );
}

function Rotate({ subscription, rotated }: { subscription: Subscription; rotated: () => void }) {
  const { client } = useSession();
  const notify = useNotify();
  const queries = useQueryClient();
  const [overlap, setOverlap] = useState(DEFAULT_OVERLAP);
  const [own, setOwn] = useState('');
  const [wrongSecret, setWrongSecret] = useState('');
  const [isSure, setSure] = useState(false);
  const [error, setError] = useState<string>();
  const hours = wholeNumber(overlap, OVERLAP);
  const ask = (): void => {
    // An emptied field is no 0: that would end every older secret at once.
    setError(hours === undefined ? `Enter whole hours from ${OVERLAP.from} to ${OVERLAP.to}.` : undefined);
    setSure(hours !== undefined);
  };
  const rotate = async (overlap_hours: number): Promise<void> => {
    setError(undefined);
    setWrongSecret('');
    try {
      const params = { path: { id: subscription.id } };
      const body = { overlap_hours, ...(own !== '' && { secret: own }) };
      await client.POST('/v1/subscriptions/{id}/rotate-secret', { params, body });
      // Each secret has a public key beside it.
      await Promise.all(
        [secretQuery(client, subscription.id).queryKey, ['/v1/subscriptions', subscription.id, 'jwks']].map(
          (queryKey) => queries.invalidateQueries({ queryKey }),
        ),
      );
      setOwn('');
      notify({ type: 'success', text: 'A new signing secret is in use.' });
      rotated();
    } catch (failure) {
      const wrong = failure instanceof ApiError ? detailsOf(failure.errors, '/secret') : '';
      setWrongSecret(wrong);
      if (wrong === '') setError(messageOf(failure));
    }
    setSure(false);
  };
  const retype = (text: string): void => {
    setOverlap(text);
    setError(undefined);
    // Another number is another question.
    setSure(false);
  };
  return (
    <SpaceBetween size="s">
      <FormField
        label="Rotate: hours for which the older secrets stay valid"
        description="Until then every request is signed with both. 0 ends the older ones at once."
        errorText={error}
      >
        <Input type="number" inputMode="numeric" value={overlap} onChange={({ detail }) => retype(detail.value)} />
      </FormField>
      <ImportedSecret
        secret={own}
        change={(text) => {
          setOwn(text);
          setWrongSecret('');
          setSure(false);
        }}
        error={wrongSecret}
      />
      {isSure && hours !== undefined ? (
        <Alert
          type="warning"
          action={<Button onClick={() => void rotate(hours)}>Rotate now</Button>}
          header={own === '' ? 'Make a new secret?' : "Use the customer's secret?"}
        >
          {consequence(hours, own !== '')} That cannot be undone.
        </Alert>
      ) : (
        <Button onClick={ask}>Rotate the secret</Button>
      )}
    </SpaceBetween>
  );
}

/** What a rotation asks of the customer. @param isOwn whether the new secret is one that the customer has already. */
function consequence(hours: number, isOwn: boolean): string {
  if (hours > 0) {
    return isOwn
      ? `Requests are signed with it from now on, and with the older ones for ${counted(hours, 'hour')} more.`
      : `The customer must switch to the new one within ${counted(hours, 'hour')}.`;
  }
  return isOwn
    ? 'Every older secret ends at once: requests fail unless the receiver uses this one.'
    : 'Every older secret ends at once: requests fail until the customer has the new one.';
}
