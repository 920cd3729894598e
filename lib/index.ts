// What other people's CDK apps import: the package in construct/.
export { FirewallStack, type FirewallStackProps } from './firewall-stack.ts';
export { Posthorn } from './posthorn.ts';
export type { PosthornProps } from './props.ts';
export { PosthornTables } from './posthorn-tables.ts';
export type { Tables } from './tables.ts';
