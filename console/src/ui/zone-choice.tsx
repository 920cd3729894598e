import { memo, useMemo } from 'react';
import Select from '@cloudscape-design/components/select';
import { chooseZone, OWN_ZONE, useZone, zones } from './zone.ts';

/** The zone of every time on the screen: a customer's 9:15 is seldom that of whoever looks for it. */
export const ZoneChoice = memo(function ZoneChoice() {
  const zone = useZone();
  const options = useMemo(
    () =>
      zones().map((value) => ({ value, label: value, ...(value === OWN_ZONE && { description: 'of this computer' }) })),
    [],
  );
  return (
    <Select
      ariaLabel="Time zone"
      options={options}
      selectedOption={{ value: zone, label: zone }}
      filteringType="auto"
      filteringPlaceholder="Find a zone"
      filteringAriaLabel="Find a zone"
      virtualScroll
      onChange={({ detail }) => chooseZone(detail.selectedOption.value!)}
    />
  );
});
