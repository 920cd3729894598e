import { useState } from 'react';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCatalogue } from '../../api/use-catalogue.ts';
import { Code } from '../../ui/code.tsx';
import { samplesFor } from './event-patterns.ts';
import { patternsOf, type Fields } from './form-fields.ts';
import { requestLines } from './request-lines.ts';

/** What a request will look like: the example of an event type in the chosen format, with the headers that it comes with. */
export function RequestPreview({ fields }: { fields: Fields }) {
  const { data } = useCatalogue();
  const [wanted, setWanted] = useState<string>();
  if (!data) return null;
  const types = samplesFor(data.data, patternsOf(fields.events));
  const type = types.find(({ name }) => name === wanted) ?? types[0];
  const format = data.formats.find(({ name }) => name === (fields.format || 'standard'));
  if (!type || !format) return null;
  const body = (type.samples as Record<string, string | undefined>)[format.name];
  const options = types.map(({ name, description }) => ({ value: name, label: name, description }));
  return (
    <ExpandableSection headerText="What a request looks like" defaultExpanded>
      <SpaceBetween size="s">
        <FormField label="Example of">
          <Select
            options={options}
            filteringType="auto"
            selectedOption={options.find(({ value }) => value === type.name)!}
            onChange={({ detail }) => setWanted(detail.selectedOption.value)}
          />
        </FormField>
        {body === undefined ? (
          <div>
            The format {format.name} cannot carry {type.name}: its deliveries are skipped, and the log says why.
          </div>
        ) : (
          <>
            <Code label="headers of the example" text={requestLines(fields, format.content_type).join('\n')} />
            <div>The body: exactly these {new TextEncoder().encode(body).length} bytes are sent and signed.</div>
            <Code label="body of the example" text={body} />
          </>
        )}
      </SpaceBetween>
    </ExpandableSection>
  );
}
