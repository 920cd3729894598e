import Button from '@cloudscape-design/components/button';
import { useAddress } from '../../ui/address.ts';

/** Questions that support asks every day, as filters of the address. */
const VIEWS = [
  { name: 'All', outcome: '', range: '' },
  { name: 'Failed today', outcome: 'exhausted,gone,failed', range: 'today' },
  { name: 'Held', outcome: 'held', range: '' },
  { name: 'Cancelled or skipped', outcome: 'cancelled,skipped', range: '' },
  { name: 'Not tried yet', outcome: 'pending', range: '' },
];

/** One click for the filters of a daily question; what else is chosen, such as the organization, stays. */
export function Views() {
  const [read, write] = useAddress();
  return (
    <div className="views">
      {VIEWS.map(({ name, outcome, range }) => (
        <Button
          key={name}
          variant="inline-link"
          nativeButtonAttributes={{
            'aria-pressed': (read('outcome') ?? '') === outcome && (read('range') ?? '') === range,
          }}
          onClick={() => write({ outcome, range, status: undefined, since: undefined, until: undefined })}
        >
          {name}
        </Button>
      ))}
    </div>
  );
}
