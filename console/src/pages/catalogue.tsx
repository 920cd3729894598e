import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import type { EventType } from '../api/types.ts';
import { useCatalogue } from '../api/use-catalogue.ts';
import { useAddress } from '../ui/address.ts';
import { BodyText } from '../ui/body-text.tsx';
import { Failure } from '../ui/failure.tsx';
import { useTitle } from '../ui/title.ts';

/** Every event type: what triggers it, its schema, and what a request with it looks like in each format. */
export default function Catalogue() {
  const [read, write] = useAddress();
  const { data, error, refetch } = useCatalogue();
  useTitle('Event catalogue');
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Spinner size="large" />;
  const chosen = data.data.find(({ name }) => name === read('type')) ?? data.data[0]!;
  const types = data.data.map(({ name, description }) => ({ value: name, label: name, description }));
  return (
    <SpaceBetween size="l">
      <Header variant="h1" counter={`(${data.data.length})`}>
        Event catalogue
      </Header>
      <Select
        ariaLabel="Event type"
        options={types}
        filteringType="auto"
        selectedOption={types.find(({ value }) => value === chosen.name)!}
        onChange={({ detail }) => write({ type: detail.selectedOption.value })}
      />
      <EventTypeDetail key={chosen.name} type={chosen} formats={data.formats} />
    </SpaceBetween>
  );
}

function EventTypeDetail({
  type,
  formats,
}: {
  type: EventType;
  formats: { name: string; description: string; deprecated?: boolean }[];
}) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{type.name}</Header>}>
        <SpaceBetween size="m">
          <div>
            {type.description} {type.deprecated && <Badge color="severity-medium">deprecated</Badge>}
          </div>
          <div>
            <Box variant="h3">Triggers</Box>
            <ul>
              {type.triggers.map((trigger) => (
                <li key={trigger}>{trigger}</li>
              ))}
            </ul>
          </div>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">A request in each format</Header>}>
        <Tabs
          ariaLabel="Formats"
          tabs={formats.map(({ name, description, deprecated }) => {
            const sample = (type.samples as Record<string, string | undefined>)[name];
            return {
              id: name,
              label: deprecated ? `${name} (deprecated)` : name,
              content: (
                <SpaceBetween size="s">
                  <div>{description}</div>
                  {sample === undefined ? (
                    <div>This format cannot carry the event: its deliveries are skipped, and the log says why.</div>
                  ) : (
                    <BodyText label={`sample in ${name}`} text={sample} />
                  )}
                </SpaceBetween>
              ),
            };
          })}
        />
      </Container>
      <ExpandableSection variant="container" headerText="JSON Schema of data">
        <BodyText label="schema" text={JSON.stringify(type.schema)} />
      </ExpandableSection>
    </SpaceBetween>
  );
}
