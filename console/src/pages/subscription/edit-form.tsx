import { useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import Button from '@cloudscape-design/components/button';
import type { Subscription } from '../../api/types.ts';
import { subscriptionQuery } from '../../api/use-subscription.ts';
import { useSession } from '../../session.tsx';
import { useLeaveGuard } from '../../ui/leave-guard.tsx';
import { useTitle } from '../../ui/title.ts';
import { choose, isChanged, startDraft, takeUp } from './draft.ts';
import { SubscriptionForm } from './form.tsx';
import { fieldsOf, LABELS, unreadableOf, type FieldName } from './form-fields.ts';
import { changeOf, errorsOf } from './form-input.ts';
import { Meanwhile } from './meanwhile.tsx';
import { nameOf } from './name.ts';
import { useChange } from './use-change.ts';

/** Fields that PATCH can remove with null. */
const REMOVABLE: ReadonlySet<FieldName> = new Set([
  'account',
  'description',
  'filter',
  'success',
  'timeout',
  'rate',
  'heal',
  'signing',
  'signatureHeader',
  'headers',
  'auth',
]);

/**
 * Edits a subscription that others may be editing too. What they change is shown before anything is saved, and only what
 * this person changed is sent.
 * @param newest the subscription as it was last read.
 */
export function EditForm({ newest, back }: { newest: Subscription; back: () => void }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const change = useChange();
  const [kept, setDraft] = useState(() => startDraft(fieldsOf(newest)));
  const [isTried, setTried] = useState(false);
  const [isStoring, setStoring] = useState(false);
  // While the change is on its way, what comes back of it is no change of somebody else's.
  const draft = isStoring ? kept : takeUp(kept, fieldsOf(newest));
  if (draft !== kept) setDraft(draft);
  const { dialog, letGo } = useLeaveGuard(isChanged(draft));
  useTitle(`Edit ${nameOf(newest)}`);
  const errors = errorsOf(draft.mine, draft.base);
  const save = async (): Promise<unknown> => {
    setTried(true);
    if (Object.keys(errors).length > 0) return undefined;
    if (Object.keys(draft.theirs).length > 0) return new Error('First choose which change to keep: see above.');
    try {
      const now = await queries.fetchQuery({ ...subscriptionQuery(client, newest.id), staleTime: 0 });
      if (takeUp(draft, fieldsOf(now)) !== draft) {
        return new Error('Somebody has just changed this subscription. Check the changes above, then save again.');
      }
      const changed = changeOf(draft.base, draft.mine, draft.removed);
      setStoring(true);
      if (Object.keys(changed).length > 0) await change(now, changed, 'Saved.');
      letGo();
      back();
      return undefined;
    } catch (error) {
      setStoring(false);
      return error;
    }
  };
  const remove = (name: FieldName): void => setDraft((now) => ({ ...now, removed: [...now.removed, name] }));
  const warnings: Partial<Record<FieldName, ReactNode>> = {};
  for (const [name, held] of Object.entries(unreadableOf(newest)) as [FieldName, string][]) {
    const isRemoved = draft.removed.includes(name);
    warnings[name] = (
      <Unreadable
        label={LABELS[name]}
        held={held}
        isRemoved={isRemoved}
        remove={REMOVABLE.has(name) ? () => remove(name) : undefined}
      />
    );
  }
  return (
    <>
      <SubscriptionForm
        title="Edit subscription"
        fields={draft.mine}
        set={(name, value) => setDraft((now) => ({ ...now, mine: { ...now.mine, [name]: value } }))}
        isNew={false}
        isBroken={newest.problem !== undefined}
        base={draft.base}
        errors={isTried ? errors : {}}
        warnings={warnings}
        notice={
          (draft.taken.length > 0 || Object.keys(draft.theirs).length > 0) && (
            <Meanwhile draft={draft} choose={(name, whose) => setDraft((now) => choose(now, name, whose))} />
          )
        }
        save={save}
        cancel={back}
      />
      {dialog}
    </>
  );
}

function Unreadable({
  label,
  held,
  isRemoved,
  remove,
}: {
  label: string;
  held: string;
  isRemoved: boolean;
  remove: (() => void) | undefined;
}) {
  if (isRemoved) return <>Save replaces what the row holds ({held}) by what stands here.</>;
  return (
    <>
      The row holds {held}, which cannot be understood. It stays until you set another value
      {remove && (
        <>
          {' '}
          or{' '}
          <Button variant="inline-link" formAction="none" ariaLabel={`Remove it: ${label}`} onClick={remove}>
            remove it
          </Button>
        </>
      )}
      .
    </>
  );
}
