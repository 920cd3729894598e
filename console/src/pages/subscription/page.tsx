import { useState } from 'react';
import { useParams } from 'react-router';
import Spinner from '@cloudscape-design/components/spinner';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSubscription } from '../../api/use-subscription.ts';
import { useAddress } from '../../ui/address.ts';
import { Failure } from '../../ui/failure.tsx';
import { useTitle } from '../../ui/title.ts';
import { Counts } from './counts.tsx';
import { Log } from './log.tsx';
import { nameOf } from './name.ts';
import { Ping } from './ping.tsx';
import { Settings } from './settings.tsx';
import { StartHere } from './start-here.tsx';
import type { SampleType } from './use-test-event.ts';

/** How often its settings and health are read again, milliseconds. */
const LIVE_MS = 5000;

/** One subscription: what it is set to, and on the same page the log of all its calls. */
export default function SubscriptionPage() {
  const id = useParams().id!;
  const { data, error, refetch } = useSubscription(id, LIVE_MS);
  const [read] = useAddress();
  const [sample, setSample] = useState<SampleType>();
  // An open call names the tab itself.
  useTitle(data && read('call') === undefined ? nameOf(data) : undefined);
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Spinner size="large" />;
  return (
    <SpaceBetween size="l">
      <Settings subscription={data} sendSample={setSample} />
      <StartHere subscription={data} sendSample={setSample} />
      {sample && <Ping subscription={data} sample={sample} close={() => setSample(undefined)} />}
      <Counts subscription={data} />
      <Log subscription={data} />
    </SpaceBetween>
  );
}
