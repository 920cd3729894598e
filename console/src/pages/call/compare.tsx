import { useQuery } from '@tanstack/react-query';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Spinner from '@cloudscape-design/components/spinner';
import { attemptQuery } from '../../api/attempt-query.ts';
import type { Attempt } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Time } from '../../ui/time.tsx';
import { differencesOf, type Difference } from './difference.ts';

/** What differs between two tries of one delivery, the earlier one first; nothing that is the same. */
export default function Compare({ attempt, other, close }: { attempt: Attempt; other: string; close: () => void }) {
  const { client } = useSession();
  const { data, error, refetch } = useQuery(attemptQuery(client, other));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Spinner />;
  const [before, after] = [attempt, data].sort((a, b) => (a.attempted_at < b.attempted_at ? -1 : 1)) as [
    Attempt,
    Attempt,
  ];
  const differences = differencesOf(before, after);
  return (
    <section aria-label="What differs between two tries" className="compare">
      <Box variant="h3">
        From <Time iso={before.attempted_at} /> to <Time iso={after.attempted_at} />{' '}
        <Button variant="inline-link" onClick={close}>
          Close the comparison
        </Button>
      </Box>
      {differences.length === 0 && <div>There is no difference in what the log has.</div>}
      {differences.map((one) => (
        <Changed key={one.what} of={one} />
      ))}
      {(before.redacted ?? after.redacted) && <div>Bodies are not compared: this key may not see them.</div>}
    </section>
  );
}

function Changed({ of: { what, before, after, lines } }: { of: Difference }) {
  return (
    <div className="changed">
      <div>{what}</div>
      {lines ? (
        <pre tabIndex={0} aria-label={`${what}, compared`}>
          {lines.map(({ sign, text }, at) => (
            <Line key={at} sign={sign}>{`${sign} ${text}\n`}</Line>
          ))}
        </pre>
      ) : (
        <div className="values">
          <del>{before ?? 'not there'}</del> → <ins>{after ?? 'not there'}</ins>
        </div>
      )}
    </div>
  );
}

function Line({ sign, children }: { sign: '+' | '-' | ' '; children: string }) {
  if (sign === '+') return <ins>{children}</ins>;
  return sign === '-' ? <del>{children}</del> : <>{children}</>;
}
