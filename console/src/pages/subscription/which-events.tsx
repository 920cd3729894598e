import type { ReactNode } from 'react';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { EventPicker } from './event-picker.tsx';
import { FilterEditor } from './filter-editor.tsx';
import type { FieldName, Fields } from './form-fields.ts';
import type { WhatMatches } from './use-what-matches.ts';
import { MatchingEvents } from './what-matches.tsx';

/** Which events a subscription gets: types, account and filter, and beside them which of the newest events that lets through. */
export function WhichEvents({
  fields,
  set,
  field,
  account,
  matching,
  isBroken,
}: {
  fields: Fields;
  set: (name: 'events' | 'filter', value: string) => void;
  /** A control with its label, and what is wrong with it. */
  field: (name: FieldName, control: ReactNode, more?: { optional?: boolean; description?: ReactNode }) => ReactNode;
  account: ReactNode;
  matching: WhatMatches;
  isBroken: boolean;
}) {
  return (
    <Container header={<Header variant="h2">Which events</Header>}>
      <SpaceBetween size="l">
        {field(
          'events',
          <EventPicker
            value={fields.events}
            placeholder={isBroken ? 'not set: every event' : 'Choose event types'}
            change={(events) => set('events', events)}
          />,
          { description: 'Single types, all types of a service (visit.*), or every event (*).' },
        )}
        {account}
        {field('filter', <FilterEditor text={fields.filter} change={(filter) => set('filter', filter)} />, {
          optional: true,
          description: 'Only events whose content matches: every key must match, and of a list one value.',
        })}
        <MatchingEvents of={matching} />
      </SpaceBetween>
    </Container>
  );
}
