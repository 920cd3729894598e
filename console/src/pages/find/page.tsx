import { useMemo, type KeyboardEvent, type ReactNode } from 'react';
import { useQueries } from '@tanstack/react-query';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { bodyOf } from '../../api/client.ts';
import type { Delivery } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { useAddress } from '../../ui/address.ts';
import { counted } from '../../ui/counted.ts';
import { Empty } from '../../ui/empty.tsx';
import { ANSWERS } from '../../ui/find-box.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Link } from '../../ui/link.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { shown } from '../../ui/shown.ts';
import { SubscriptionStatus } from '../../ui/status.tsx';
import { useTitle } from '../../ui/title.ts';
import { deliveryColumns } from '../deliveries/columns.tsx';
import { keyOf } from '../deliveries/key-of.ts';
import { targetOf } from '../subscription/name.ts';
import { useDeliveriesOf } from './use-deliveries-of.ts';
import { useFailedAt } from './use-failed-at.ts';
import { wantedOf } from './wanted.ts';

/** Answers of one kind that are shown; the page of their list has the others. */
const MOST = '10';

/** Whatever a text may mean: a resource's deliveries, subscriptions, organizations. */
export default function Find() {
  const [read] = useAddress();
  const { isAdmin } = useSession();
  const text = read('q') ?? '';
  useTitle(text === '' ? 'Find' : `Find ${text}`);
  const wanted = useMemo(() => wantedOf(text), [text]);
  // Without the number in `south clinic 28540`, the rest is a name.
  const names = [...new Set([wanted.words, ...wanted.resources.flatMap(({ of }) => of ?? [])])].filter((name) =>
    /[\p{L}\p{N}]/u.test(name),
  );
  const deliveries = useDeliveriesOf(wanted.resources);
  // What is only a number is first of all a resource's; names and URLs that hold it, which all rows are read for, come after it.
  const isWaiting = /^\d+$/.test(wanted.words) && deliveries.isLoading;
  const subscriptions = useSubscriptionsOf(isWaiting ? [] : names);
  const organizations = useOrganizationsOf(isWaiting ? [] : names);
  const isLoading = deliveries.isLoading || subscriptions.isLoading || organizations.isLoading;
  // Where a resource was found, it is what was meant.
  const isNamed = !isLoading && deliveries.rows.length === 0;
  const failed = useFailedAt({
    organizations: isNamed ? organizations.rows : [],
    subscriptions: isNamed ? subscriptions.rows : [],
  });
  const isNothing = !isLoading && deliveries.rows.length + subscriptions.rows.length + organizations.rows.length === 0;
  const error = deliveries.error ?? subscriptions.error ?? organizations.error ?? failed.error;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={text === '' ? 'Type into the box at the top, or press /.' : undefined}>
        {text === '' ? 'Find' : `Find “${text}”`}
      </Header>
      {error != null && <Failure error={error} />}
      <div role="status">
        {isLoading && text !== '' && <StatusIndicator type="loading">Looking</StatusIndicator>}
        {isNothing && text !== '' && (
          <Empty title="Nothing was found">
            No resource, subscription or organization matches. A resource needs its whole id; for everything else any
            part is enough.
          </Empty>
        )}
      </div>
      <div data-answers onKeyDown={walkAnswers}>
        <SpaceBetween size="l">
          {deliveries.rows.length > 0 && <Deliveries title="Deliveries of this resource" of={deliveries} />}
          {failed.rows.length > 0 && <Deliveries title="What failed there lately" of={failed} />}
          {subscriptions.rows.length > 0 && (
            <Answers title="Subscriptions" all={`/console/subscriptions?search=${encodeURIComponent(names.at(-1)!)}`}>
              {subscriptions.rows.map((item) => (
                <li key={item.id}>
                  <SubscriptionStatus of={item} />{' '}
                  <Link to={`/console/subscriptions/${item.id}`}>{targetOf(item)}</Link>{' '}
                  <span className="ago">
                    {item.organization}
                    {item.description !== undefined && ` · ${shown(item.description)}`}
                  </span>
                </li>
              ))}
            </Answers>
          )}
          {organizations.rows.length > 0 && (
            <Answers title="Organizations">
              {organizations.rows.map(({ organization, subscriptions: count }) => (
                <li key={organization}>
                  <Link to={`/console/deliveries?organization=${organization}`}>{organization}</Link>{' '}
                  <span className="ago">{counted(count, 'subscription')}</span>
                  {isAdmin && (
                    <>
                      {' · '}
                      <Link to={`/console/organizations/${organization}`}>about {organization}</Link>
                    </>
                  )}
                </li>
              ))}
            </Answers>
          )}
        </SpaceBetween>
      </div>
      {deliveries.note !== undefined && <p className="quiet">{deliveries.note}</p>}
    </SpaceBetween>
  );
}

function Deliveries({ title, of }: { title: string; of: { rows: Delivery[]; isMore?: unknown } }) {
  const { isStaff } = useSession();
  const columns = useMemo(
    () => deliveryColumns(isStaff).map((column) => ({ ...column, sortingField: undefined })),
    [isStaff],
  );
  return (
    <ListTable
      items={of.rows}
      trackBy={keyOf}
      wrapLines
      columnDefinitions={columns}
      ariaLabels={{ tableLabel: title }}
      header={
        <Header variant="h2" counter={`(${of.rows.length}${of.isMore ? '+' : ''})`}>
          {title}
        </Header>
      }
    />
  );
}

function Answers({ title, all, children }: { title: string; all?: string; children: ReactNode }) {
  return (
    <section>
      <Header variant="h2" actions={all !== undefined && <Link to={all}>All of them</Link>}>
        {title}
      </Header>
      <ul className="answers" aria-label={title}>
        {children}
      </ul>
    </section>
  );
}

/** ↓ and ↑ go from answer to answer, from the first one back to the box. */
function walkAnswers(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...document.querySelectorAll<HTMLAnchorElement>(ANSWERS)];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  if (at < 0) return;
  event.preventDefault();
  if (at + step < 0) document.querySelector<HTMLElement>('.find-box input')?.focus();
  else links[at + step]?.focus();
}

/** Each once, of several answers. */
function merged<Item>(answers: { data?: { data: Item[] } | undefined }[], nameOf: (item: Item) => string): Item[] {
  return [...new Map(answers.flatMap(({ data }) => data?.data ?? []).map((item) => [nameOf(item), item])).values()];
}

function useSubscriptionsOf(names: string[]) {
  const { client } = useSession();
  const answers = useQueries({
    queries: names.map((search) => ({
      queryKey: ['/v1/subscriptions', 'find', search],
      queryFn: () => bodyOf(client.GET('/v1/subscriptions', { params: { query: { search, limit: MOST } } })),
    })),
  });
  return {
    rows: merged(answers, ({ id }) => id),
    isLoading: answers.some(({ isLoading }) => isLoading),
    error: answers.find(({ error }) => error)?.error,
  };
}

function useOrganizationsOf(names: string[]) {
  const { client, isStaff } = useSession();
  const answers = useQueries({
    queries: names.map((search) => ({
      queryKey: ['/v1/organizations', search, MOST],
      queryFn: () => bodyOf(client.GET('/v1/organizations', { params: { query: { search, limit: MOST } } })),
      // A customer has one.
      enabled: isStaff,
    })),
  });
  return {
    rows: merged(answers, ({ organization }) => organization),
    isLoading: answers.some(({ isLoading }) => isLoading),
    error: answers.find(({ error }) => error)?.error,
  };
}
