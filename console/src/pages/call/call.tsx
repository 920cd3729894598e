import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { attemptQuery } from '../../api/attempt-query.ts';
import type { Attempt } from '../../api/types.ts';
import { useEvent } from '../../api/use-event.ts';
import { useSession } from '../../session.tsx';
import { BodyText } from '../../ui/body-text.tsx';
import { Code } from '../../ui/code.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Link } from '../../ui/link.tsx';
import { OUTCOME_MEANINGS, OutcomeStatus } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { useTitle } from '../../ui/title.ts';
import { targetOfCall } from '../subscription/name.ts';
import { CommonCauses } from './common-causes.tsx';
import { toCurl } from './curl.ts';
import { Redeliver } from './redeliver.tsx';
import { Siblings, useSiblings } from './siblings.tsx';
import { Waterfall } from './waterfall.tsx';
import { WhatWasSigned } from './what-was-signed.tsx';

const REDACTED = 'Not shown to this key: it may not see payloads.';

/** One call in detail: what was sent, what came back, how long each part took, the other tries of the same delivery. */
export function Call({ id, close }: { id: string; close: () => void }) {
  const { client } = useSession();
  const { data, error, refetch } = useQuery(attemptQuery(client, id));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) {
    return (
      <Container header={<Header variant="h2">Call</Header>}>
        <Spinner /> Loading the call
      </Container>
    );
  }
  return <CallDetail attempt={data} close={close} />;
}

function CallDetail({ attempt, close }: { attempt: Attempt; close: () => void }) {
  const { mayChange } = useSession();
  const [isAsking, setAsking] = useState(false);
  const { isLoading, failureCount } = useSiblings(attempt);
  // Tries that have to be asked for once more may come in half a minute: nobody waits for them.
  const isGrowing = isLoading && failureCount === 0;
  const { request, timings_ms, outcome, status, type } = attempt;
  useTitle(`${outcome} ${status ?? ''} ${type}`.replace('  ', ' '));
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {request && (
                <CopyToClipboard
                  copyButtonText="Copy as curl"
                  copySuccessText="Copied. Its first line says what is masked."
                  copyErrorText="The browser did not allow it"
                  textToCopy={toCurl(attempt)}
                />
              )}
              {mayChange && <Button onClick={() => setAsking(true)}>Redeliver</Button>}
              <Button variant="icon" iconName="close" ariaLabel="Close the attempt" onClick={close} />
            </SpaceBetween>
          }
        >
          Call
        </Header>
      }
    >
      <SpaceBetween size="m">
        <KeyValuePairs columns={2} items={facts(attempt)} />
        {timings_ms && <Waterfall timings={timings_ms} />}
        <Siblings attempt={attempt} />
        {/* Not before it has its place: the tries would push it down from under a pointer. */}
        {!isGrowing && <Exchange attempt={attempt} />}
      </SpaceBetween>
      {isAsking && (
        <Redeliver
          event={attempt.event_id}
          subscription={attempt.subscription_id}
          url={attempt.url}
          close={() => setAsking(false)}
        />
      )}
    </Container>
  );
}

/** What was sent, and what came back. */
function Exchange({ attempt }: { attempt: Attempt }) {
  const { request, response } = attempt;
  return (
    <SpaceBetween size="m">
      {request ? (
        <>
          <Headers title="Request headers" headers={request.headers ?? {}} />
          <Part
            title="Request body"
            text={request.body}
            missing={attempt.redacted ? REDACTED : 'The event has expired, and its body with it.'}
          />
          <WhatWasSigned attempt={attempt} />
        </>
      ) : (
        <NotSent event={attempt.event_id} />
      )}
      {response && (
        <>
          <Headers title="Response headers" headers={response.headers} />
          <Part
            title={response.truncated ? 'Response body (the first 16 KiB)' : 'Response body'}
            text={response.body}
            missing={attempt.redacted ? REDACTED : ''}
          />
        </>
      )}
    </SpaceBetween>
  );
}

function facts(call: Attempt) {
  const { outcome, reason, fault, status, attempt, event_id, type, resource_id, url } = call;
  const { attempted_at, fetched_at, next_attempt_at, replay, automatic } = call;
  const pair = (label: string, value: React.ReactNode) => ({ label, value });
  return [
    pair('Outcome', <OutcomeStatus outcome={outcome} />),
    pair('Status', status ?? 'no answer'),
    pair('What happened', reason ?? OUTCOME_MEANINGS[outcome]),
    ...(outcome === 'delivered' ? [] : [pair('Common causes', <CommonCauses of={call} />)]),
    ...(fault === undefined ? [] : [pair('Whose fault', 'The platform’s, not the endpoint’s: no attempt was used up')]),
    pair('Try', `${attempt} of 4`),
    pair(fetched_at === undefined ? 'Time' : 'Acknowledged', <Time iso={attempted_at} whole />),
    ...(fetched_at === undefined ? [] : [pair('Fetched', <Time iso={fetched_at} whole />)]),
    ...(next_attempt_at === undefined ? [] : [pair('Next try', <Time iso={next_attempt_at} whole />)]),
    pair('Event', <Link to={`/console/events/${event_id}`}>{event_id}</Link>),
    pair('Type', type),
    ...(resource_id === undefined ? [] : [pair('Resource', resource_id)]),
    pair('URL', <span className="url">{targetOfCall(url)}</span>),
    ...(replay === undefined ? [] : [pair('Sent because of', replay)]),
    ...(automatic === undefined ? [] : [pair('Asked for by', 'nobody: it was exhausted, and Posthorn tries it again')]),
  ];
}

/** Of a delivery that was held, skipped or cancelled: the data that it was about. */
function NotSent({ event }: { event: string }) {
  const { data } = useEvent(event);
  return (
    <>
      <Box color="text-body-secondary">No request was made.</Box>
      {data?.dataText !== undefined && <Part title="Data of the event" text={data.dataText} missing="" />}
    </>
  );
}

function Headers({ title, headers }: { title: string; headers: Record<string, string> }) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return (
    <ExpandableSection headerText={title} headerCounter={`(${lines.length})`} defaultExpanded={lines.length > 0}>
      <Code label={title.toLowerCase()} text={lines.join('\n')} />
    </ExpandableSection>
  );
}

function Part({ title, text, missing }: { title: string; text: string | undefined; missing: string }) {
  return (
    <ExpandableSection headerText={title} defaultExpanded>
      {text === undefined ? missing : <BodyText label={title.toLowerCase()} text={text} />}
    </ExpandableSection>
  );
}
