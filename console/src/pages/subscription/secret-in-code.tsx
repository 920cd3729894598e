import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { bodyOf } from '../../api/client.ts';
import type { Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Code } from '../../ui/code.tsx';
import { Failure } from '../../ui/failure.tsx';
import { LANGUAGES } from './verify-code.ts';

/** The signing secret and the function that verifies with it, in the language of the person. */
export default function SecretInCode({ subscription: { id } }: { subscription: Subscription }) {
  const { client } = useSession();
  const [wanted, setWanted] = useState(LANGUAGES[0]!.id);
  const { data, error, refetch } = useQuery({
    queryKey: ['/v1/subscriptions', id, 'secret'],
    queryFn: () => bodyOf(client.GET('/v1/subscriptions/{id}/secret', { params: { path: { id } } })),
    // A secret stays in memory only while it is on the screen.
    gcTime: 0,
  });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Spinner />;
  const language = LANGUAGES.find((one) => one.id === wanted)!;
  return (
    <SpaceBetween size="s">
      <SegmentedControl
        label="Language"
        selectedId={wanted}
        options={LANGUAGES.map(({ id: value, label }) => ({ id: value, text: label }))}
        onChange={({ detail }) => setWanted(detail.selectedId)}
      />
      <Code label="secret" text={language.secret(data.secret)} />
      <Code label="code" text={language.code} />
    </SpaceBetween>
  );
}
