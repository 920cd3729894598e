import { useRef, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ApiError, bodyOf, type Client } from '../../api/client.ts';
import type { Changed, Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { counted } from '../../ui/counted.ts';
import { Empty } from '../../ui/empty.tsx';
import { Filters } from '../../ui/filter-errors.tsx';
import { useAddress } from '../../ui/address.ts';
import { inTurn } from '../../ui/in-turn.ts';
import { Link } from '../../ui/link.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { messageOf, useNotify } from '../../ui/notices.tsx';
import { NoRows } from '../../ui/no-rows.tsx';
import { OrganizationFilter } from '../../ui/organization-filter.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Time } from '../../ui/time.tsx';
import { useTitle } from '../../ui/title.ts';
import { usePages } from '../../ui/use-pages.ts';
import { useSeen } from '../../ui/use-seen.ts';
import { targetOf } from '../subscription/name.ts';
import { Views } from './views.tsx';

/** Counts walk events, so few at the same time. */
const turn = inTurn(2);
/** So much later than what is kept begins the count: the end of what is kept moves on. */
const AFTER_MS = 3_600_000;

/** What subscriptions have missed that are off, or were and it was not sent: each with its count, and sent from here. */
export function Missed() {
  const { client, isStaff, mayChange } = useSession();
  useTitle('Missed');
  const [read] = useAddress();
  const filters = { organization: read('organization'), state: 'inactive,missed' };
  const pages = usePages<Subscription>({
    key: ['/v1/subscriptions', filters],
    read: (page) => bodyOf(client.GET('/v1/subscriptions', { params: { query: { ...filters, ...page } } })),
  });
  const [sending, setSending] = useState<Subscription>();
  // Its row says so once everything is queued, which may take a while.
  const [sent, setSent] = useState<readonly string[]>([]);
  return (
    <>
      <ListTable
        variant="full-page"
        items={pages.items.filter(({ id }) => !sent.includes(id))}
        trackBy="id"
        wrapLines
        loading={pages.isLoading}
        loadingText="Looking for subscriptions that are or were off"
        ariaLabels={{ tableLabel: 'Missed' }}
        header={
          <Header
            variant="h1"
            description="Events that were accepted while a subscription was inactive, would have matched it, and were not sent."
          >
            Missed
          </Header>
        }
        filter={
          <SpaceBetween size="s">
            <Views />
            {isStaff && (
              <Filters error={pages.error}>
                <OrganizationFilter />
              </Filters>
            )}
          </SpaceBetween>
        }
        columnDefinitions={[
          {
            id: 'url',
            header: 'Endpoint',
            minWidth: 220,
            isRowHeader: true,
            cell: (item) => (
              <span className="url">
                <Link to={`/console/subscriptions/${item.id}`}>{targetOf(item)}</Link>
              </span>
            ),
          },
          { id: 'organization', header: 'Organization', minWidth: 130, cell: (item) => item.organization },
          { id: 'since', header: 'Inactive since', minWidth: 150, cell: (item) => <OffSince of={item} /> },
          { id: 'count', header: 'Missed', minWidth: 110, cell: (item) => <Count of={item} /> },
          {
            id: 'send',
            header: 'Action',
            minWidth: 110,
            cell: (item) =>
              mayChange && (
                <Button
                  variant="inline-link"
                  ariaLabel={`Send the events that ${targetOf(item)} missed`}
                  onClick={() => setSending(item)}
                >
                  Send
                </Button>
              ),
          },
        ]}
        pagination={<Pager of={pages} />}
        empty={
          <NoRows of={pages}>
            <Empty title="Nothing was missed">No subscription is inactive. Nothing is left to send.</Empty>
          </NoRows>
        }
      />
      {sending && <Send of={sending} sent={() => setSent([...sent, sending.id])} close={() => setSending(undefined)} />}
    </>
  );
}

function OffSince({ of: { active, inactive_since, missed_since, missed_until } }: { of: Subscription }) {
  return (
    <>
      <Time iso={missed_since ?? inactive_since} />
      {active && missed_until !== undefined && (
        <div className="quiet-line">
          on again since <Time iso={missed_until} />
        </div>
      )}
    </>
  );
}

/** From when on to look for what it missed. */
function sinceOf({ missed_since, inactive_since, created_at }: Subscription): string | undefined {
  return missed_since ?? inactive_since ?? created_at;
}

/** How many events it missed, counted once its row is on the screen. */
function Count({ of }: { of: Subscription }) {
  const { client } = useSession();
  const [ref, isSeen] = useSeen<HTMLSpanElement>();
  const { id } = of;
  const since = sinceOf(of);
  const { data, error } = useQuery({
    queryKey: ['missed', id, since],
    queryFn: () => turn(() => countSince(client, id, since)),
    enabled: isSeen,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  return (
    <span ref={ref}>
      {error ? messageOf(error) : data === undefined ? '…' : counted(data.answer, 'event')}
      {data?.keptSince !== undefined && (
        <div className="quiet-line">
          since <Time iso={data.keptSince} />: what is older is not kept
        </div>
      )}
    </span>
  );
}

async function countSince(
  client: Client,
  id: string,
  since: string | undefined,
): Promise<{ answer: number; keptSince?: string }> {
  return asFarAsKept(since, async (from) => {
    const params = { path: { id }, query: { dry_run: 'true' as const } };
    const body = { outcomes: ['missed' as const], ...(from !== undefined && { since: from }) };
    const found = await bodyOf(client.POST('/v1/subscriptions/{id}/replay', { params, body }));
    return 'count' in found ? found.count : 0;
  });
}

/** Asks from a time on, or, where events of then are not kept any more, from where they are. */
async function asFarAsKept<A>(
  since: string | undefined,
  ask: (since: string | undefined) => Promise<A>,
): Promise<{ answer: A; keptSince?: string }> {
  try {
    return { answer: await ask(since) };
  } catch (error) {
    // It says from when on events are kept.
    const oldest = error instanceof ApiError && error.errors.find(({ pointer }) => pointer === '/since')?.detail;
    const time = oldest ? /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(oldest)?.[0] : undefined;
    if (time === undefined) throw error;
    const keptSince = new Date(Date.parse(time) + AFTER_MS).toISOString();
    return { answer: await ask(keptSince), keptSince };
  }
}

/** Only an active subscription is sent to: one that is off is activated first, which says what it missed. */
function Send({ of, sent, close }: { of: Subscription; sent: () => void; close: () => void }) {
  const { client } = useSession();
  const notify = useNotify();
  const queries = useQueryClient();
  // Only the activation itself says what was missed: where the sending failed, another try goes on from its answer.
  const activated = useRef<Changed>(undefined);
  const send = async (since: string | undefined): Promise<void> => {
    const params = { path: { id: of.id } };
    const body = { outcomes: ['missed' as const], ...(since !== undefined && { since }) };
    await client.POST('/v1/subscriptions/{id}/replay', { params, body });
    sent();
  };
  const activateAndSend = async (): Promise<void> => {
    const params = { path: { id: of.id } };
    activated.current ??= await bodyOf(client.PATCH('/v1/subscriptions/{id}', { params, body: { active: true } }));
    const { missed } = activated.current;
    if (!missed || (missed.count === 0 && !missed.more))
      return notify({ type: 'success', text: 'Activated. It has missed nothing.' });
    await send(missed.since);
    notify({
      type: 'success',
      text: 'Activated. The events that it missed are being sent; Replays shows the progress.',
    });
  };
  const sendAlone = async (): Promise<void> => {
    await asFarAsKept(sinceOf(of), send);
    notify({ type: 'success', text: 'The events that it missed are being sent; Replays shows the progress.' });
  };
  return (
    <Confirm
      title={of.active ? 'Send the missed events?' : 'Activate it, and send the missed events?'}
      verb={of.active ? 'Send it' : 'Activate and send'}
      close={close}
      act={async () => {
        try {
          await (of.active ? sendAlone() : activateAndSend());
        } finally {
          // It may be active although the sending failed.
          await queries.invalidateQueries({ queryKey: ['/v1/subscriptions'] });
          await queries.invalidateQueries({ queryKey: ['/v1/replays'] });
          await queries.invalidateQueries({ queryKey: ['missed', of.id] });
        }
      }}
    >
      <p>
        <span className="url">{targetOf(of)}</span> gets what it missed, oldest first
        {!of.active && ', and from now on every event that is for it'}.
      </p>
    </Confirm>
  );
}
