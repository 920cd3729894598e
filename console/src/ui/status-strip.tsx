import type { ReactNode } from 'react';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useStatus } from '../api/use-status.ts';
import { Link } from './link.tsx';
import { partsOf } from './status-parts.ts';
import { Time } from './time.tsx';

/** On every page of staff: whether anything is wrong now, and where to look. */
export function StatusStrip() {
  const { data } = useStatus();
  // Its room is there before it: what stands below stays where it is.
  if (!data) return <div className="status-strip" />;
  return (
    <section className="status-strip" aria-label="Status">
      {partsOf(data).map(({ name, level, text, to }) => {
        const said: ReactNode = <StatusIndicator type={level}>{text}</StatusIndicator>;
        return <span key={name}>{to === undefined ? said : <Link to={to}>{said}</Link>}</span>;
      })}
      <span>Last event {data.last_event_at === null ? 'more than a week ago' : <Time iso={data.last_event_at} />}</span>
    </section>
  );
}
