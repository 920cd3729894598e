import { lazy, Suspense, useState } from 'react';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { Subscription } from '../../api/types.ts';
import { useCatalogue } from '../../api/use-catalogue.ts';
import { loadPage } from '../../load-page.ts';
import { useSession } from '../../session.tsx';
import { samplesFor } from './event-patterns.ts';
import { fieldsOf, patternsOf } from './form-fields.ts';
import type { SampleType } from './use-test-event.ts';

// The code of seven languages, loaded when somebody wants it.
const SecretInCode = lazy(() => loadPage(() => import('./secret-in-code.tsx')));

/** On the page of a subscription that was never called: what is left to do until the first request arrives and verifies. */
export function StartHere({
  subscription,
  sendSample,
}: {
  subscription: Subscription;
  sendSample: (type: SampleType) => void;
}) {
  const { maySeeSecrets, mayChange } = useSession();
  const [isNew] = useState(subscription.health?.called === false && subscription.delivery !== 'pull');
  const [isShown, setShown] = useState(false);
  const { data } = useCatalogue();
  // With a problem nothing is sent, an example neither: that comes first.
  if (!isNew || !mayChange || subscription.problem !== undefined) return null;
  const samples = samplesFor(data?.data ?? [], patternsOf(fieldsOf(subscription).events));
  const type = samples[0]?.name as SampleType | undefined;
  return (
    <Container header={<Header variant="h2">To the first delivery</Header>}>
      <ol className="steps">
        {maySeeSecrets && (
          <li>
            <SpaceBetween size="s">
              <div>
                Verify signatures with its secret.{' '}
                {!isShown && <Button onClick={() => setShown(true)}>Show secret and code</Button>}
              </div>
              {isShown && (
                <Suspense fallback={<Spinner />}>
                  <SecretInCode subscription={subscription} />
                </Suspense>
              )}
            </SpaceBetween>
          </li>
        )}
        {type !== undefined && (
          <li>
            Send an example in its format, and see what your endpoint answers.{' '}
            <Button onClick={() => sendSample(type)}>{`Send ${type}`}</Button>
          </li>
        )}
      </ol>
    </Container>
  );
}
