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

/** What subscriptions that are off have missed, each with its count, and sent from here. */
export function Missed() {
  const { client, isStaff, mayChange } = useSession();
  useTitle('Missed');
  const [read] = useAddress();
  const filters = { organization: read('organization'), state: 'inactive' };
  const pages = usePages<Subscription>({
    key: ['/v1/subscriptions', filters],
    read: (page) => bodyOf(client.GET('/v1/subscriptions', { params: { query: { ...filters, ...page } } })),
  });
  const [sending, setSending] = useState<Subscription>();
  return (
    <>
      <ListTable
        variant="full-page"
        items={pages.items}
        trackBy="id"
        wrapLines
        loading={pages.isLoading}
        loadingText="Looking for subscriptions that are off"
        ariaLabels={{ tableLabel: 'Missed' }}
        header={
          <Header
            variant="h1"
            description="What was accepted while a subscription was off, and would have been for it."
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
          { id: 'since', header: 'Off since', minWidth: 150, cell: (item) => <Time iso={item.inactive_since} /> },
          { id: 'count', header: 'Missed', minWidth: 110, cell: (item) => <Count of={item} /> },
          {
            id: 'send',
            header: 'Action',
            minWidth: 110,
            cell: (item) =>
              mayChange && (
                <Button
                  variant="inline-link"
                  ariaLabel={`Send what ${targetOf(item)} missed`}
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
            <Empty title="Nothing was missed">No subscription is off.</Empty>
          </NoRows>
        }
      />
      {sending && <Send of={sending} close={() => setSending(undefined)} />}
    </>
  );
}

/** How many events it missed, counted once its row is on the screen. */
function Count({ of: { id, inactive_since, created_at } }: { of: Subscription }) {
  const { client } = useSession();
  const [ref, isSeen] = useSeen<HTMLSpanElement>();
  const since = inactive_since ?? created_at;
  const { data, error } = useQuery({
    queryKey: ['missed', id, since],
    queryFn: () => turn(() => countSince(client, id, since)),
    enabled: isSeen,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  return (
    <span ref={ref}>
      {error ? messageOf(error) : data === undefined ? '…' : counted(data.count, 'event')}
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
): Promise<{ count: number; keptSince?: string }> {
  const ask = async (from: string | undefined): Promise<number> => {
    const params = { path: { id }, query: { dry_run: 'true' as const } };
    const body = { outcomes: ['missed' as const], ...(from !== undefined && { since: from }) };
    const answer = await bodyOf(client.POST('/v1/subscriptions/{id}/replay', { params, body }));
    return 'count' in answer ? answer.count : 0;
  };
  try {
    return { count: await ask(since) };
  } catch (error) {
    // It says from when on events are kept.
    const oldest = error instanceof ApiError && error.errors.find(({ pointer }) => pointer === '/since')?.detail;
    const time = oldest ? /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(oldest)?.[0] : undefined;
    if (time === undefined) throw error;
    const keptSince = new Date(Date.parse(time) + AFTER_MS).toISOString();
    return { count: await ask(keptSince), keptSince };
  }
}

/** Only an active subscription is sent to: it is activated first, which says what it missed. */
function Send({ of, close }: { of: Subscription; close: () => void }) {
  const { client } = useSession();
  const notify = useNotify();
  const queries = useQueryClient();
  // Only the activation itself says what was missed: where the sending failed, another try goes on from its answer.
  const activated = useRef<Changed>(undefined);
  return (
    <Confirm
      title="Activate it, and send what it missed?"
      verb="Activate and send"
      close={close}
      act={async () => {
        const params = { path: { id: of.id } };
        try {
          activated.current ??= await bodyOf(
            client.PATCH('/v1/subscriptions/{id}', { params, body: { active: true } }),
          );
          const { missed } = activated.current;
          if (missed && (missed.count > 0 || missed.more)) {
            const body = { since: missed.since, outcomes: ['missed' as const] };
            await client.POST('/v1/subscriptions/{id}/replay', { params, body });
            notify({ type: 'success', text: 'Activated; what it missed is on its way. Replays says how far it is.' });
          } else notify({ type: 'success', text: 'Activated; it missed nothing.' });
        } finally {
          // It may be active although the sending failed.
          await queries.invalidateQueries({ queryKey: ['/v1/subscriptions'] });
          await queries.invalidateQueries({ queryKey: ['/v1/replays'] });
        }
      }}
    >
      <p>
        <span className="url">{targetOf(of)}</span> gets what it missed, oldest first, and from now on every event that
        is for it.
      </p>
    </Confirm>
  );
}
