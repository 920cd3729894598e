import { useQuery } from '@tanstack/react-query';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import type { Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Code } from '../../ui/code.tsx';
import { Failure } from '../../ui/failure.tsx';
import { secretQuery } from './secret-query.ts';
import { LANGUAGES } from './verify-code.ts';

/** The signing secret and the function that verifies with it, in the language of the person. */
export default function SecretInCode({ subscription: { id } }: { subscription: Subscription }) {
  const { client } = useSession();
  const { data, error, refetch } = useQuery(secretQuery(client, id));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Spinner />;
  return (
    <Tabs
      ariaLabel="Language"
      tabs={LANGUAGES.map(({ label, secret, code }) => ({
        id: label,
        label,
        content: (
          <SpaceBetween size="s">
            <Code label="secret" text={secret(data.secret)} />
            <Code label="code" text={code} />
          </SpaceBetween>
        ),
      }))}
    />
  );
}
