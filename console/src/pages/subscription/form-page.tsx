import { useNavigate, useParams } from 'react-router';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Spinner from '@cloudscape-design/components/spinner';
import type { Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useNotify } from '../../ui/notices.tsx';
import { SubscriptionForm } from './form.tsx';
import { EMPTY, fieldsOf, inputOf, type Fields } from './form-fields.ts';
import { useChange } from './use-change.ts';

/** Creates a subscription, or edits the one that the address names. */
export default function SubscriptionFormPage() {
  const { id } = useParams();
  return id === undefined ? <Create /> : <Edit id={id} />;
}

function Create() {
  const { client } = useSession();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  const create = async (fields: Fields): Promise<void> => {
    const made = await client.send<Subscription>('POST', '/v1/subscriptions', inputOf(fields));
    await queries.invalidateQueries({ queryKey: ['/v1/subscriptions'] });
    notify({ type: 'success', text: `Subscribed ${made.url}. Ping it to see whether it answers.` });
    void navigate(`/console/subscriptions/${made.id}`);
  };
  return (
    <SubscriptionForm
      title="New subscription"
      initial={EMPTY}
      isNew
      save={create}
      cancel={() => void navigate('/console/subscriptions')}
    />
  );
}

function Edit({ id }: { id: string }) {
  const { client } = useSession();
  const navigate = useNavigate();
  const change = useChange();
  const back = (): void => void navigate(`/console/subscriptions/${id}`);
  const { data, error, refetch } = useQuery({
    queryKey: ['/v1/subscriptions', id],
    queryFn: () => client.get<Subscription>(`/v1/subscriptions/${encodeURIComponent(id)}`),
  });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Spinner size="large" />;
  const initial = fieldsOf(data);
  const save = async (fields: Fields): Promise<void> => {
    const before = inputOf(initial, true);
    // Only what the person changed: somebody else may be changing the rest.
    const changed = Object.entries(inputOf(fields, true)).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]),
    );
    if (changed.length > 0) await change(data, Object.fromEntries(changed), 'Saved.');
    back();
  };
  return <SubscriptionForm title="Edit subscription" initial={initial} isNew={false} save={save} cancel={back} />;
}
