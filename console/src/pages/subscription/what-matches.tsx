import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import CloudscapeLink from '@cloudscape-design/components/link';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { BASE_PATH } from '../../base-path.ts';
import { counted } from '../../ui/counted.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { Time } from '../../ui/time.tsx';
import type { WhatMatches } from './use-what-matches.ts';

/** Which of the newest events would be sent, and what in the others is why not. */
export function MatchingEvents({ of: { tried, isOld, isUnreadable, error } }: { of: WhatMatches }) {
  if (error !== undefined) return <Alert type="info">The newest events cannot be tried: {error}</Alert>;
  if (!tried) return null;
  return (
    <div>
      <div aria-live="polite">
        <Box variant="h3">{sentence(tried.matching, tried.data.length)}</Box>
        {isUnreadable ? (
          <StatusIndicator type="stopped">Not tested again: the filter is not valid JSON yet</StatusIndicator>
        ) : (
          isOld && <StatusIndicator type="loading">Trying again</StatusIndicator>
        )}
      </div>
      {tried.data.length > 0 && (
        <ListTable
          variant="embedded"
          contentDensity="compact"
          items={tried.data}
          trackBy="id"
          ariaLabels={{ tableLabel: 'The newest events, tried' }}
          columnDefinitions={[
            {
              id: 'matches',
              header: 'Sent',
              cell: ({ matches }) => (
                <StatusIndicator type={matches ? 'success' : 'stopped'}>{matches ? 'yes' : 'no'}</StatusIndicator>
              ),
            },
            {
              id: 'event',
              header: 'Event',
              isRowHeader: true,
              cell: ({ id, type }) => (
                // In a tab of its own: what was typed stays.
                <CloudscapeLink href={`${BASE_PATH}/console/events/${id}`} target="_blank" rel="noreferrer">
                  {type}
                </CloudscapeLink>
              ),
            },
            { id: 'time', header: 'Accepted', cell: ({ enqueued_at }) => <Time iso={enqueued_at} /> },
            { id: 'resource', header: 'Resource', cell: ({ resource_id }) => resource_id ?? '–' },
            {
              id: 'because',
              header: 'Why not',
              cell: ({ because }) => (because.length === 0 ? '–' : <span className="key">{because.join(', ')}</span>),
            },
          ]}
        />
      )}
    </div>
  );
}

function sentence(matching: number, looked: number): string {
  if (looked === 0) return 'This organization has no events yet, so there is nothing to test.';
  return `${matching} of the newest ${counted(looked, 'event')} would be sent`;
}
