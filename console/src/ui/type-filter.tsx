import Select from '@cloudscape-design/components/select';
import { useCatalogue } from '../api/use-catalogue.ts';
import { useAddress } from './address.ts';
import { FilterField } from './filter-errors.tsx';

/** One event type, or any. Types that left the catalogue are still in the log: one may stand in the address. */
export function TypeFilter() {
  const [read, write] = useAddress();
  const { data: catalogue } = useCatalogue();
  const chosen = read('type') ?? '';
  const types = [
    { value: '', label: 'Any type' },
    ...(catalogue?.data ?? []).map(({ name }) => ({ value: name, label: name })),
  ];
  return (
    <FilterField names={['type']}>
      <Select
        ariaLabel="Type"
        options={types}
        filteringType="auto"
        filteringAriaLabel="Find a type"
        selectedOption={types.find(({ value }) => value === chosen) ?? { value: chosen, label: chosen }}
        onChange={({ detail }) => write({ type: detail.selectedOption.value })}
      />
    </FilterField>
  );
}
