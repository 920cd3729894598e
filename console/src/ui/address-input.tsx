import { useEffect, useState } from 'react';
import Input from '@cloudscape-design/components/input';
import { useAddress } from './address.ts';
import { FilterField } from './filter-errors.tsx';

/** Rest between the last key and the search, milliseconds: not a request for every letter. */
const REST_MS = 300;

/** A filter whose value goes into the address as `name` once the person stops typing. */
export function AddressInput({ name, label, placeholder }: { name: string; label: string; placeholder: string }) {
  const [read, write] = useAddress();
  const inAddress = read(name) ?? '';
  const [typed, setTyped] = useState(inAddress);
  useEffect(() => setTyped(inAddress), [inAddress]);
  useEffect(() => {
    if (typed === inAddress) return;
    const timer = setTimeout(() => write({ [name]: typed.trim() }, { replace: true }), REST_MS);
    return () => clearTimeout(timer);
    // The address is written once per pause, whichever functions a render brought.
  }, [typed]);
  return (
    <FilterField names={[name]}>
      <Input
        type="search"
        ariaLabel={label}
        placeholder={placeholder}
        value={typed}
        onChange={({ detail }) => setTyped(detail.value)}
      />
    </FilterField>
  );
}
