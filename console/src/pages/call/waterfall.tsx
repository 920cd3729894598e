import type { Attempt } from '../../api/types.ts';
import { duration } from '../../ui/time.tsx';
import { partsOf } from './parts.ts';

/** Where the time of one request went, each part behind the one before. */
export function Waterfall({ timings }: { timings: NonNullable<Attempt['timings_ms']> }) {
  const parts = partsOf(timings);
  const total = Math.max(timings.total, 1);
  return (
    <div className="waterfall" role="group" aria-label={`Timings, ${duration(timings.total)} in all`}>
      {parts.map(({ name, kind, start, length }) => (
        <WaterfallRow
          key={kind}
          name={name}
          kind={kind}
          x={(start / total) * 100}
          width={(length / total) * 100}
          length={length}
        />
      ))}
      <span>Total</span>
      <span />
      <span>{duration(timings.total)}</span>
      {timings.own_lag !== undefined && (
        <>
          <span title="Somewhere in the parts above; no time of the endpoint’s">of which Posthorn was late</span>
          <span />
          <span>{duration(timings.own_lag)}</span>
        </>
      )}
    </div>
  );
}

function WaterfallRow(props: { name: string; kind: string; x: number; width: number; length: number }) {
  return (
    <>
      <span>{props.name}</span>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" width="100" height="10" />
        <rect className={props.kind} x={props.x} width={Math.max(props.width, 0.5)} height="10" />
      </svg>
      <span>{duration(props.length)}</span>
    </>
  );
}
