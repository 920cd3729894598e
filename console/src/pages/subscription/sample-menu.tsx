import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { useCatalogue } from '../../api/use-catalogue.ts';
import { withSample } from './event-patterns.ts';
import type { SampleType } from './use-test-event.ts';

/** The event types of which an example can be sent. */
export function SampleMenu({ choose }: { choose: (type: SampleType) => void }) {
  const { data } = useCatalogue();
  const types = withSample(data?.data ?? []);
  return (
    <ButtonDropdown
      items={types.map(({ name }) => ({ id: name, text: name }))}
      loading={!data}
      onItemClick={({ detail }) => choose(detail.id as SampleType)}
    >
      Send a sample
    </ButtonDropdown>
  );
}
