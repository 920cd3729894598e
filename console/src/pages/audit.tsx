import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import { bodyOf } from '../api/client.ts';
import type { Answer } from '../api/types.ts';
import { useSession } from '../session.tsx';
import { AddressInput } from '../ui/address-input.tsx';
import { OrganizationFilter } from '../ui/organization-filter.tsx';
import { useAddress } from '../ui/address.ts';
import { AS_CSV, csvPageOf } from '../ui/csv-pages.ts';
import { Empty } from '../ui/empty.tsx';
import { ExportCsv } from '../ui/export-csv.tsx';
import { Filters } from '../ui/filter-errors.tsx';
import { Link } from '../ui/link.tsx';
import { ListTable } from '../ui/list-table.tsx';
import { NoRows } from '../ui/no-rows.tsx';
import { Pager } from '../ui/pager.tsx';
import { TimeRange, useTimeRange } from '../ui/time-range.tsx';
import { Time } from '../ui/time.tsx';
import { useTitle } from '../ui/title.ts';
import { usePages } from '../ui/use-pages.ts';

type AuditRecord = Answer<'listAuditRecords'>['data'][number];

const ACTORS: Record<string, string> = {
  table: 'somebody in the table',
  command: 'an operator’s command',
  posthorn: 'the platform',
};

const ANY = { value: '', label: 'Anything' };
const ACTIONS = [
  ANY,
  ...[
    'payload.viewed',
    'secret.viewed',
    'secret.rotated',
    'subscription.created',
    'subscription.changed',
    'subscription.deleted',
    'subscription.paused',
    'subscription.resumed',
    'ping.sent',
    'delivery.redelivered',
    'replay.started',
    'replay.cancelled',
    'api_key.created',
    'api_key.revoked',
    'portal_link.created',
    'portal_link.opened',
    'user.signed_in',
    'user.signed_out',
    'data.purged',
  ].map((value) => ({ value, label: value })),
];
/** Who changed or saw what, newest first. */
export default function Audit() {
  const [read, write] = useAddress();
  const { client } = useSession();
  useTitle('Audit trail');
  const filters = {
    organization: read('organization'),
    object: read('object'),
    actor: read('actor'),
    action: read('action'),
    ...useTimeRange().query,
  };
  const pages = usePages<AuditRecord>({
    key: ['/v1/audit', filters],
    read: (page) => bodyOf(client.GET('/v1/audit', { params: { query: { ...filters, ...page } } })),
  });
  return (
    <ListTable
      variant="full-page"
      items={pages.items}
      trackBy="id"
      contentDensity="compact"
      enableKeyboardNavigation
      loading={pages.isLoading}
      loadingText="Loading the audit trail"
      ariaLabels={{ tableLabel: 'Audit trail' }}
      header={
        <Header
          variant="h1"
          actions={
            <ExportCsv
              name="audit-trail"
              readPage={(cursor) => {
                const query = { ...filters, limit: '100', cursor };
                return csvPageOf(client.GET('/v1/audit', { params: { query }, ...AS_CSV }));
              }}
            />
          }
        >
          Audit trail
        </Header>
      }
      filter={
        <Filters error={pages.error}>
          <OrganizationFilter />
          <AddressInput name="actor" label="Who" placeholder="Anybody: key_…, table, posthorn" />
          <AddressInput name="object" label="To" placeholder="Anything: sub_…, evt_…, att_…" />
          <Select
            ariaLabel="Did"
            options={ACTIONS}
            selectedOption={ACTIONS.find(({ value }) => value === read('action')) ?? ANY}
            onChange={({ detail }) => write({ action: detail.selectedOption.value })}
          />
          <TimeRange />
        </Filters>
      }
      columnDefinitions={[
        { id: 'time', header: 'Time', isRowHeader: true, cell: (item) => <Time iso={item.recorded_at} /> },
        { id: 'actor', header: 'Who', cell: (item) => <Who of={item} /> },
        { id: 'action', header: 'Did', cell: (item) => item.action },
        {
          id: 'object',
          header: 'To',
          cell: (item) => {
            const page = pageOf(item);
            return page === undefined ? item.object_id : <Link to={page}>{item.object_id}</Link>;
          },
        },
        { id: 'organization', header: 'Organization', cell: (item) => item.organization ?? '–' },
        { id: 'changed', header: 'Changed', minWidth: 240, cell: (item) => <Changed of={item} /> },
      ]}
      pagination={<Pager of={pages} />}
      empty={
        <NoRows of={pages}>
          <Empty title="No records">No record matches these filters.</Empty>
        </NoRows>
      }
    />
  );
}

/** The person: what the key is called; its id below. */
function Who({ of: { actor, actor_name } }: { of: AuditRecord }) {
  if (actor_name === undefined) return ACTORS[actor] ?? actor;
  return (
    <>
      {actor_name}
      <div className="key">{actor}</div>
    </>
  );
}

/** From what to what, line by line. */
function Changed({ of: { changed, changes = {} } }: { of: AuditRecord }) {
  if (changed.length === 0) return '–';
  return changed.map((name) => <div key={name}>{changeOf(name, changes[name])}</div>);
}

function changeOf(name: string, change: { old?: string; new?: string } | undefined): string {
  return change === undefined ? name : `${name}: ${change.old ?? '–'} → ${change.new ?? '–'}`;
}

function pageOf({ object_type, object_id, action }: AuditRecord): string | undefined {
  if (object_type === 'subscription' && action !== 'subscription.deleted') return `/console/subscriptions/${object_id}`;
  return object_type === 'event' ? `/console/events/${object_id}` : undefined;
}
