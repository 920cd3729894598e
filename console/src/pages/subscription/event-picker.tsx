import { useState } from 'react';
import Multiselect from '@cloudscape-design/components/multiselect';
import { useCatalogue } from '../../api/use-catalogue.ts';
import { joinPatterns, patternOptions } from './event-patterns.ts';
import { patternsOf } from './form-fields.ts';

/** Which events: types and patterns with what they stand for, to be chosen; a pattern that is not among them is typed. */
export function EventPicker({
  value,
  placeholder,
  change,
}: {
  value: string;
  placeholder: string;
  change: (value: string) => void;
}) {
  const { data, isLoading } = useCatalogue();
  const [typed, setTyped] = useState('');
  const chosen = patternsOf(value);
  const groups = patternOptions(data?.data ?? [], typed, chosen);
  const options = groups.flatMap((group) => group.options);
  return (
    <Multiselect
      options={groups}
      selectedOptions={chosen.map(
        (pattern) => options.find((option) => option.value === pattern) ?? { value: pattern, label: pattern },
      )}
      placeholder={placeholder}
      filteringType="manual"
      filteringAriaLabel="Find an event type"
      filteringPlaceholder="Find a type, or type a pattern"
      onLoadItems={({ detail }) => setTyped(detail.filteringText)}
      statusType={isLoading ? 'loading' : 'finished'}
      loadingText="Loading the catalogue"
      empty="Nothing of that name"
      deselectAriaLabel={({ label }) => `Remove ${label}`}
      selectedAriaLabel="Chosen"
      onChange={({ detail }) =>
        change(
          joinPatterns(
            value,
            detail.selectedOptions.map((option) => option.value!),
          ),
        )
      }
    />
  );
}
