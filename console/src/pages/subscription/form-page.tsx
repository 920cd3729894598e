import { useState } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import Spinner from '@cloudscape-design/components/spinner';
import { bodyOf } from '../../api/client.ts';
import { useSubscription } from '../../api/use-subscription.ts';
import { useSession } from '../../session.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useLeaveGuard } from '../../ui/leave-guard.tsx';
import { useNotify } from '../../ui/notices.tsx';
import { useTitle } from '../../ui/title.ts';
import { isChanged, startDraft, type Draft } from './draft.ts';
import { EditForm } from './edit-form.tsx';
import { SubscriptionForm } from './form.tsx';
import { EMPTY } from './form-fields.ts';
import { errorsOf, newSubscription } from './form-input.ts';

/** How often an open form looks whether somebody else has changed the subscription, milliseconds. */
const LOOK_MS = 5000;

/** Creates a subscription, or edits the one that the address names. */
export default function SubscriptionFormPage() {
  const { id } = useParams();
  return id === undefined ? <Create /> : <Edit key={id} id={id} />;
}

function Create() {
  const { client } = useSession();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() => startDraft(EMPTY));
  const [isTried, setTried] = useState(false);
  const { dialog, letGo } = useLeaveGuard(isChanged(draft));
  useTitle('New subscription');
  const errors = errorsOf(draft.mine);
  const save = async (): Promise<unknown> => {
    setTried(true);
    if (Object.keys(errors).length > 0) return undefined;
    try {
      const made = await bodyOf(client.POST('/v1/subscriptions', { body: newSubscription(draft.mine) }));
      await queries.invalidateQueries({ queryKey: ['/v1/subscriptions'] });
      notify({
        type: 'success',
        text:
          made.delivery === 'pull'
            ? 'Subscribed. Its page explains how to fetch deliveries.'
            : `Subscribed ${made.url}. Ping it to see whether it answers.`,
      });
      letGo();
      void navigate(`/console/subscriptions/${made.id}`);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  return (
    <>
      <SubscriptionForm
        title="New subscription"
        fields={draft.mine}
        set={(name, value) => setDraft((now) => ({ ...now, mine: { ...now.mine, [name]: value } }))}
        isNew
        errors={isTried ? errors : {}}
        save={save}
        cancel={() => void navigate('/console/subscriptions')}
      />
      {dialog}
    </>
  );
}

function Edit({ id }: { id: string }) {
  const navigate = useNavigate();
  // The filters of its log, which came along.
  const { search } = useLocation();
  const { data, error, refetch } = useSubscription(id, LOOK_MS);
  // What was typed stays, whatever becomes of a later look.
  if (!data) return error ? <Failure error={error} retry={() => void refetch()} /> : <Spinner size="large" />;
  return <EditForm newest={data} back={() => void navigate(`/console/subscriptions/${id}${search}`)} />;
}
