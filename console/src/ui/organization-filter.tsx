import { useEffect, useState } from 'react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import Autosuggest from '@cloudscape-design/components/autosuggest';
import { bodyOf, type Client } from '../api/client.ts';
import { useSession } from '../session.tsx';
import { useAddress } from './address.ts';
import { FilterField } from './filter-errors.tsx';
import { useRested } from './use-rested.ts';

/** Rest between the last key and the question, milliseconds. */
const REST_MS = 250;
/** Suggestions at a time. */
const MOST = 20;
/** What the API takes for an organization's id. */
const ID = /^[\w-]{1,64}$/;

/** Organizations whose name holds a text; case, blanks, `_` and `-` do not matter. */
export function organizationsQuery(client: Client, typed: string, limit = MOST) {
  // A search needs a letter or digit; without one, all of them.
  const search = /[\p{L}\p{N}]/u.test(typed) ? typed : undefined;
  return queryOptions({
    queryKey: ['/v1/organizations', search, limit],
    queryFn: () => bodyOf(client.GET('/v1/organizations', { params: { query: { search, limit: String(limit) } } })),
    staleTime: 30_000,
  });
}

/** Names compared as the API compares them. */
function folded(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

/** Of all organizations one, chosen by any part of its name. What is no organization is said below, and filters nothing. */
export function OrganizationFilter() {
  const { client } = useSession();
  const [read, write] = useAddress();
  const chosen = read('organization') ?? '';
  const [typed, setTyped] = useState(chosen);
  const [isOpen, setOpen] = useState(false);
  const [wrong, setWrong] = useState<string>();
  useEffect(() => {
    setTyped(chosen);
    setWrong(undefined);
  }, [chosen]);
  const rested = useRested(typed, REST_MS);
  const { data, isFetching } = useQuery({
    ...organizationsQuery(client, rested === chosen ? '' : rested),
    enabled: isOpen || typed !== chosen,
  });
  const found = data?.data ?? [];
  const isSettled = rested === typed && !isFetching;
  const take = (organization: string): void => write({ organization: organization || undefined }, { replace: true });
  const same = typed === '' ? undefined : found.find(({ organization }) => folded(organization) === folded(typed));
  // Typed to its end: nothing is left to choose.
  useEffect(() => {
    if (isSettled && typed !== chosen && (typed === '' || same)) take(same?.organization ?? '');
  }, [isSettled, typed, same?.organization]);
  const leave = (): void => {
    setOpen(false);
    const name = typed.trim();
    if (name === chosen || same) return;
    if (ID.test(name) || name === '') take(name);
    else setWrong('No organization has this name. Choose one from the list.');
  };
  return (
    <FilterField names={['organization']} own={wrong}>
      <Autosuggest
        ariaLabel="Organization"
        placeholder="Any organization"
        value={typed}
        options={found.map(({ organization, subscriptions }) => ({
          value: organization,
          description: subscriptions === 1 ? '1 subscription' : `${subscriptions} subscriptions`,
        }))}
        filteringType="manual"
        hideEnteredTextOption
        statusType={isSettled ? 'finished' : 'loading'}
        loadingText="Looking for organizations"
        empty="No organization has this in its name"
        finishedText={data?.next_cursor ? 'There are more: type a part of the name' : undefined}
        onFocus={() => setOpen(true)}
        onBlur={leave}
        onChange={({ detail }) => {
          setTyped(detail.value);
          setWrong(undefined);
        }}
        // Enter without a choice of the list is told as a choice too: of what was typed.
        onSelect={({ detail }) => (detail.selectedOption ? take(detail.value) : leave())}
        onKeyDown={({ detail }) => {
          if (detail.key === 'Enter') leave();
        }}
      />
    </FilterField>
  );
}
