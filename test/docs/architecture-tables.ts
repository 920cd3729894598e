import { calledFunction, resourcesOf, type TemplateResource } from '../support/resources.ts';
import type { synthesize } from '../support/stacks.ts';

type Templates = ReturnType<typeof synthesize>;
type Resources = [id: string, resource: TemplateResource][];

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

/** Queues whose construct is not called like the queue. */
const ALIASES: Record<string, string> = { 'slow-deliveries': 'deliveries-slow' };
const READS = /:(Get|BatchGet|Query|Scan)/;
const WRITES = /:(Put|Update|Delete|BatchWrite)/;

/** `FanOut4A9AB6BC`, `EventsQueue7396B467` → `fan-out`, `events`: an id of the template as people say it. */
function nameOf(id: string): string {
  const base = id.replace(/[0-9A-F]{8}$/, '').replace(/(Function|Queue|Table)$/, '');
  const name = base.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase();
  return ALIASES[name] ?? name;
}

const list = (names: readonly string[]): string => [...new Set(names)].join(', ') || '–';
const row = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`;
const table = (heads: readonly string[], rows: readonly unknown[][]): string =>
  [heads, heads.map(() => '---'), ...rows].map(row).join('\n');

/** The tables of docs/architecture.md, by the names of their marks, as the templates have them with default settings. */
export function architectureTables(templates: Templates): Record<string, string> {
  const of = (type: string): Resources => Object.entries(resourcesOf(templates, type));
  const functions = of('AWS::Lambda::Function');
  const granted = grantsOf(functions, of('AWS::IAM::Policy'));
  return {
    functions: functionsTable(templates, functions, of),
    tables: tablesTable(of('AWS::DynamoDB::Table'), granted),
    queues: queuesTable(templates, of('AWS::SQS::Queue'), of('AWS::Lambda::EventSourceMapping'), granted),
  };
}

/** Which functions may do what matches `action` with a resource of the template. */
type Granted = (resource: string, action: RegExp) => string[];

function grantsOf(functions: Resources, policies: Resources): Granted {
  const statementsOf = ({ Properties }: TemplateResource): Statement[] => {
    const roles = JSON.stringify(Properties['Role']);
    return policies
      .filter(([, policy]) =>
        (policy.Properties['Roles'] as { Ref: string }[]).some(({ Ref }) => roles.includes(`"${Ref}"`)),
      )
      .flatMap(([, policy]) => (policy.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
  };
  return (resource, action) =>
    functions
      .filter(([, fn]) =>
        statementsOf(fn).some(
          ({ Action, Resource }) =>
            [Action].flat().some((one) => action.test(one)) &&
            // In the same stack by its id, from the other by an export of its ARN (not of its stream's).
            new RegExp(`"${resource}"|GetAtt${resource}Arn`).test(JSON.stringify(Resource)),
        ),
      )
      .map(([id]) => nameOf(id));
}

function functionsTable(templates: Templates, functions: Resources, of: (type: string) => Resources): string {
  const names = (value: unknown, id: string): boolean => JSON.stringify(value).includes(`"${id}"`);
  const calls = (value: unknown, id: string): boolean => calledFunction(templates, value) === id;
  const callersOf = (id: string): string[] => {
    const integrations = of('AWS::ApiGatewayV2::Integration').filter(([, { Properties }]) => calls(Properties, id));
    const routes = of('AWS::ApiGatewayV2::Route')
      .filter(([, { Properties }]) => integrations.some(([integration]) => names(Properties['Target'], integration)))
      .map(([, { Properties }]) => `\`${String(Properties['RouteKey'])}\``);
    const rules = of('AWS::Events::Rule')
      .filter(([, { Properties }]) => calls(Properties['Targets'], id))
      .map(([, { Properties }]) => {
        const [{ Input = '{}' } = {}] = Properties['Targets'] as { Input?: string }[];
        return `${String(Properties['ScheduleExpression'])}: ${(JSON.parse(Input) as { task?: string }).task ?? ''}`;
      });
    const sources = of('AWS::Lambda::EventSourceMapping')
      .filter(([, { Properties }]) => calls(Properties['FunctionName'], id))
      .map(([, { Properties }]) => sourceOf(Properties['EventSourceArn']));
    return [...routes, ...sources, ...rules];
  };
  return table(
    ['function', 'what it does', 'called by', 'timeout', 'memory'],
    functions.map(([id, { Properties }]) => [
      `\`${nameOf(id)}\``,
      Properties['Description'],
      list(callersOf(id)),
      `${String(Properties['Timeout'])} s`,
      `${String(Properties['MemorySize'])} MB`,
    ]),
  );
}

function sourceOf(arn: unknown): string {
  const text = JSON.stringify(arn);
  const stream = /GetAtt(\w+Table[0-9A-F]{8})StreamArn/.exec(text)?.[1];
  if (stream !== undefined) return `stream of ${titleOf(stream)}`;
  return `queue ${nameOf(/\["(\w+)","Arn"\]/.exec(text)?.[1] ?? '')}`;
}

/** A table's name as it begins in AWS. */
function titleOf(id: string): string {
  return id.replace(/Table[0-9A-F]{8}$/, '');
}

function tablesTable(tables: Resources, granted: Granted): string {
  const keysOf = (schema: unknown): string =>
    (schema as { AttributeName: string }[]).map(({ AttributeName }) => `\`${AttributeName}\``).join(' / ');
  return table(
    ['table', 'keys', 'indexes', 'also', 'may read', 'may write'],
    tables.map(([id, { Properties }]) => {
      const indexes = (Properties['GlobalSecondaryIndexes'] ?? []) as { IndexName: string; KeySchema: unknown }[];
      return [
        titleOf(id),
        keysOf(Properties['KeySchema']),
        indexes.map(({ IndexName, KeySchema }) => `\`${IndexName}\`: ${keysOf(KeySchema)}`).join('; ') || '–',
        list([
          ...(Properties['TimeToLiveSpecification'] ? ['TTL'] : []),
          ...(Properties['StreamSpecification'] ? ['stream'] : []),
          ...(JSON.stringify(Properties['SSESpecification'] ?? '').includes('KMS') ? ['key of its own'] : []),
        ]),
        list(granted(id, READS)),
        list(granted(id, WRITES)),
      ];
    }),
  );
}

function queuesTable(templates: Templates, queues: Resources, mappings: Resources, granted: Granted): string {
  const working = queues.filter(([, { Properties }]) => Properties['RedrivePolicy']);
  return table(
    ['queue', 'filled by', 'emptied by', 'batch', 'at once', 'receives', 'invisible for', 'dead letters'],
    working.map(([id, { Properties }]) => {
      const [, mapping] = mappings.find(([, one]) =>
        JSON.stringify(one.Properties['EventSourceArn']).includes(`"${id}"`),
      )!;
      const { BatchSize, ScalingConfig, FunctionName } = mapping.Properties as Record<string, Record<string, unknown>>;
      const redrive = Properties['RedrivePolicy'] as { maxReceiveCount: number; deadLetterTargetArn: unknown };
      return [
        `\`${nameOf(id)}\``,
        list(granted(id, /:SendMessage/)),
        nameOf(calledFunction(templates, FunctionName)),
        BatchSize,
        ScalingConfig!['MaximumConcurrency'],
        redrive.maxReceiveCount,
        `${String(Properties['VisibilityTimeout'])} s`,
        `\`${nameOf(/"(\w+)DeadLetters[0-9A-F]{8}"/.exec(JSON.stringify(redrive.deadLetterTargetArn))?.[1] ?? '')}\``,
      ];
    }),
  );
}
