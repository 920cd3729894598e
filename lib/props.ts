import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SETTING_NAMES, settingsFrom } from './setting-types.ts';
import { DEFAULTS, type Settings } from './settings.ts';
import type { Tables } from './tables.ts';

/** Every setting of docs/configuration.md, each with its default, and where the tables are. */
export interface PosthornProps extends Partial<Settings> {
  /**
   * Name of this Posthorn: the beginning of the names of alarms, dashboard and metrics. Two in one account and region need two
   * names, which differ by more than upper and lower case. @default the construct's id
   */
  name?: string;
  /** Tables of a `PosthornTables` in a stack of their own. @default tables of this construct, kept when it goes */
  tables?: Tables;
}

/** Properties of a Posthorn that are no settings. */
const OTHER_PROPS = ['tables'];

/** Names of the Posthorns of an app, by its root: where each stands, and what it is called there. */
const names = new WeakMap<object, Map<string, Construct>>();

/**
 * The settings among a Posthorn's properties, checked as those of an environment's file are.
 * @throws one error that names every property that cannot be understood, what was expected and what came.
 */
export function settingsOf(posthorn: Construct, props: PosthornProps): Settings {
  const { id, path } = posthorn.node;
  const given = { ...(id === 'Default' ? {} : { name: id }), ...withoutUndefined(props) };
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(DEFAULTS, name) && !OTHER_PROPS.includes(name));
  if (unknown.length > 0) {
    const expected = [...SETTING_NAMES, ...OTHER_PROPS].join(', ');
    throw new Error(`${path}: expected properties among ${expected}, got ${unknown.join(', ')}.`);
  }
  const settings = settingsAmong(posthorn, given);
  refuseSecond(posthorn, settings.name);
  return settings;
}

/**
 * The settings among the properties of a construct that takes only some, checked in the same way; all others are the defaults.
 * @throws one error that names every property that cannot be understood, what was expected and what came.
 */
export function settingsAmong({ node }: Construct, props: Partial<Settings>): Settings {
  return settingsFrom((name) => {
    const value = props[name];
    return value === undefined ? undefined : { value, called: `${name} of ${node.path}` };
  });
}

/** CDK passes on what was not given as undefined. */
function withoutUndefined(props: PosthornProps): PosthornProps {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
}

/** Names of alarms and dashboards are one account's and region's: the second deployment would fail half-way. */
function refuseSecond(posthorn: Construct, name: string): void {
  const all = names.get(posthorn.node.root) ?? new Map<string, Construct>();
  names.set(posthorn.node.root, all);
  const place = `${Stack.of(posthorn).environment} ${name.toLowerCase()}`;
  const other = all.get(place);
  if (other !== undefined) {
    throw new Error(
      `name of ${posthorn.node.path}: expected one of its own in its account and region, got "${name}", which is that of ${other.node.path}.`,
    );
  }
  all.set(place, posthorn);
}
