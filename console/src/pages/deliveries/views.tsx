import Button from '@cloudscape-design/components/button';
import { useAddress } from '../../ui/address.ts';

/** Questions that support asks every day, as filters of the address. */
const VIEWS = [
  { name: 'All', outcome: '', range: '', view: '' },
  { name: 'Failed today', outcome: 'exhausted,gone,failed', range: 'today', view: '' },
  { name: 'Held', outcome: 'held', range: '', view: '' },
  { name: 'Missed', outcome: '', range: '', view: 'missed' },
  { name: 'Cancelled or skipped', outcome: 'cancelled,skipped', range: '', view: '' },
  { name: 'Not tried yet', outcome: 'pending', range: '', view: '' },
];

/** One click for the filters of a daily question; what else is chosen, such as the organization, stays. */
export function Views() {
  const [read, write] = useAddress();
  return (
    <div className="views">
      {VIEWS.map(({ name, ...filters }) => (
        <Button
          key={name}
          variant="inline-link"
          nativeButtonAttributes={{
            'aria-pressed': Object.entries(filters).every(([filter, value]) => (read(filter) ?? '') === value),
          }}
          onClick={() => write({ ...filters, status: undefined, since: undefined, until: undefined })}
        >
          {name}
        </Button>
      ))}
    </div>
  );
}
