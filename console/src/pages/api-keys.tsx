import { useState } from 'react';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { bodyOf } from '../api/client.ts';
import type { ApiKey } from '../api/types.ts';
import { useSession } from '../session.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Empty } from '../ui/empty.tsx';
import { ListTable } from '../ui/list-table.tsx';
import { useNotify } from '../ui/notices.tsx';
import { NoRows } from '../ui/no-rows.tsx';
import { Pager } from '../ui/pager.tsx';
import { Time } from '../ui/time.tsx';
import { useTitle } from '../ui/title.ts';
import { usePages } from '../ui/use-pages.ts';
import { NewKey } from './new-key.tsx';

/** API keys of everybody; administrators make and revoke them. */
export default function ApiKeys() {
  const { client, me } = useSession();
  useTitle('API keys');
  const notify = useNotify();
  const pages = usePages<ApiKey>({
    key: ['/v1/api-keys', {}],
    read: (page) => bodyOf(client.GET('/v1/api-keys', { params: { query: page } })),
  });
  const [isMaking, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  return (
    <>
      <ListTable
        variant="full-page"
        items={pages.items}
        trackBy="id"
        enableKeyboardNavigation
        loading={pages.isLoading}
        loadingText="Loading API keys"
        ariaLabels={{ tableLabel: 'API keys' }}
        header={
          <Header
            variant="h1"
            actions={
              <Button variant="primary" onClick={() => setMaking(true)}>
                New key
              </Button>
            }
          >
            API keys
          </Header>
        }
        columnDefinitions={[
          {
            id: 'id',
            header: 'Key',
            isRowHeader: true,
            cell: (item) => (item.id === me.id ? `${item.id} (yours)` : item.id),
          },
          { id: 'scopes', header: 'Scopes', cell: (item) => rightsOf(item).join(', ') },
          { id: 'organization', header: 'Organization', cell: (item) => ownerOf(item) },
          { id: 'description', header: 'Description', cell: (item) => item.description ?? '–' },
          { id: 'created', header: 'Made', cell: (item) => <Time iso={item.created_at} /> },
          {
            id: 'end',
            header: 'Ends',
            cell: (item) => (item.expires_at === undefined ? 'never' : <Time iso={item.expires_at} />),
          },
          {
            id: 'state',
            header: 'State',
            cell: (item) =>
              stateOf(item) === 'valid' ? (
                <StatusIndicator type="success">valid</StatusIndicator>
              ) : (
                <StatusIndicator type="stopped">{stateOf(item)}</StatusIndicator>
              ),
          },
          {
            id: 'revoke',
            header: 'Action',
            cell: (item) =>
              item.revoked_at === undefined && (
                <Button variant="inline-link" ariaLabel={`Revoke ${item.id}`} onClick={() => setRevoking(item)}>
                  Revoke
                </Button>
              ),
          },
        ]}
        pagination={<Pager of={pages} />}
        empty={
          <NoRows of={pages}>
            <Empty title="No API keys" />
          </NoRows>
        }
      />
      {isMaking && <NewKey close={() => setMaking(false)} made={pages.reload} />}
      {revoking && (
        <Confirm
          title="Revoke this key?"
          verb="Revoke"
          close={() => setRevoking(undefined)}
          act={async () => {
            await client.DELETE('/v1/api-keys/{id}', { params: { path: { id: revoking.id } } });
            notify({ type: 'success', text: `${revoking.id} is revoked.` });
            pages.reload();
          }}
        >
          <Box variant="p">
            {revoking.id} {revoking.description !== undefined && `(${revoking.description})`} stops working within 60
            seconds, for good.{revoking.id === me.id && ' It is the key that you are signed in with.'}
          </Box>
        </Confirm>
      )}
    </>
  );
}

function rightsOf({ scopes, read_only, payloads }: ApiKey): string[] {
  return [...scopes, ...(read_only ? ['may only look'] : []), ...(payloads === false ? ['no payloads'] : [])];
}

function ownerOf({ organization, account }: ApiKey): string {
  return account === undefined ? (organization ?? 'any') : `${organization} / ${account}`;
}

function stateOf({ revoked_at, expires_at }: ApiKey): 'valid' | 'revoked' | 'expired' {
  if (revoked_at !== undefined) return 'revoked';
  return expires_at !== undefined && Date.parse(expires_at) <= Date.now() ? 'expired' : 'valid';
}
