import Multiselect from '@cloudscape-design/components/multiselect';
import { useAddress } from './address.ts';
import { FilterField } from './filter-errors.tsx';
import { OUTCOME_MEANINGS, OUTCOMES } from './status.tsx';

const OPTIONS = OUTCOMES.map((value) => ({
  value: value,
  label: value,
  description: OUTCOME_MEANINGS[value],
}));
const PENDING = { value: 'pending', label: 'pending', description: 'Not tried yet.' };

/** Some outcomes, or any. @param pending offers what was not tried yet, where a row is a delivery and no call. */
export function OutcomeFilter({ pending = false }: { pending?: boolean }) {
  const [read, write] = useAddress();
  const chosen = (read('outcome') ?? '').split(',');
  const options = pending ? [...OPTIONS, PENDING] : OPTIONS;
  return (
    <FilterField names={['outcome']}>
      <Multiselect
        ariaLabel="Outcome"
        placeholder="Any outcome"
        options={options}
        selectedOptions={options.filter(({ value }) => chosen.includes(value))}
        onChange={({ detail }) => write({ outcome: detail.selectedOptions.map(({ value }) => value).join(',') })}
        inlineTokens
      />
    </FilterField>
  );
}
