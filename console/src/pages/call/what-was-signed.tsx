import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { bodyOf } from '../../api/client.ts';
import type { Attempt } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Code } from '../../ui/code.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Time } from '../../ui/time.tsx';
import { CompareSignature } from './compare-signature.tsx';
import { isSigned, signedHeaders, type Made, type SignedHeader } from './signed.ts';

/**
 * The text that was signed, and its signature made again with each secret, for whoever may see the secret. It is asked for
 * only when the section is opened, because the audit trail notes who looks at a secret.
 */
export function WhatWasSigned({ attempt }: { attempt: Attempt }) {
  const { maySeeSecrets } = useSession();
  const [isOpen, setOpen] = useState(false);
  if (!maySeeSecrets || !isSigned(attempt)) return null;
  return (
    <ExpandableSection
      headerText="What we signed"
      expanded={isOpen}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      {isOpen && <Signed attempt={attempt} />}
    </ExpandableSection>
  );
}

function Signed({ attempt: { id, subscription_id, request } }: { attempt: Attempt }) {
  const { client } = useSession();
  const { headers = {}, body } = request!;
  const { data, error, refetch } = useQuery({
    // Not below '/v1/attempts', which every ping has read again: each read of a secret stands in the audit trail.
    queryKey: ['signed', id],
    queryFn: async () => {
      const params = { path: { id: subscription_id } };
      const { secrets } = await bodyOf(client.GET('/v1/subscriptions/{id}/secret', { params }));
      return signedHeaders(headers, body!, secrets);
    },
    enabled: body !== undefined,
    staleTime: Infinity,
    // As the secret itself: in memory only while it is on the screen.
    gcTime: 0,
    retry: false,
  });
  if (body === undefined) return <>The body is not there to be signed again: {'see “Request body”'}.</>;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) {
    return (
      <>
        <Spinner /> Signing again
      </>
    );
  }
  return (
    <SpaceBetween size="m">
      {data.map((header) => (
        <Header key={header.name} of={header} />
      ))}
      <CompareSignature subscription={subscription_id} headers={headers} body={body} signed={data} />
      <Box color="text-body-secondary">The audit trail records that you viewed this, as with the secret itself.</Box>
    </SpaceBetween>
  );
}

function Header({ of: { name, rule, content, made } }: { of: SignedHeader }) {
  const wasRotated = made.every(({ isSent }) => isSent === false);
  return (
    <SpaceBetween size="xs">
      <div>
        <strong>{name}</strong>: {rule}. Signed was exactly this text:
      </div>
      <Code label={`what was signed for ${name}`} text={content} />
      {wasRotated && (
        <StatusIndicator type="warning">
          None of the current secrets made this signature: the secret was rotated after this attempt.
        </StatusIndicator>
      )}
      {made.map((one, at) => (
        <MadeBy key={one.fingerprint} one={one} isNewest={at === 0} name={name} />
      ))}
    </SpaceBetween>
  );
}

function MadeBy({ one, isNewest, name }: { one: Made; isNewest: boolean; name: string }) {
  const { fingerprint, createdAt, expiresAt, signature, isSent } = one;
  return (
    <div>
      <div>
        {isNewest ? 'Newest secret' : 'Older secret'} <span className="key">{fingerprint}</span>, made{' '}
        <Time iso={createdAt} />
        {expiresAt !== undefined && (
          <>
            , valid until <Time iso={expiresAt} />
          </>
        )}
        :
      </div>
      <Code label={`${name} by ${fingerprint}`} text={signature} />
      <Sent isSent={isSent} />
    </div>
  );
}

function Sent({ isSent }: { isSent: boolean | undefined }) {
  if (isSent === undefined) {
    return (
      <StatusIndicator type="info">
        At that time the log kept no part of signatures, so there is nothing to compare.
      </StatusIndicator>
    );
  }
  return isSent ? (
    <StatusIndicator type="success">This is what was sent.</StatusIndicator>
  ) : (
    <StatusIndicator type="stopped">This attempt did not have this signature.</StatusIndicator>
  );
}
