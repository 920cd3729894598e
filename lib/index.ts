// What other people's CDK apps import: the package in construct/.
export { FirewallStack, type FirewallStackProps } from './firewall-stack.ts';
export { Posthorn, type PosthornProps } from './posthorn.ts';
export { PosthornTables } from './posthorn-tables.ts';
export type { Tables } from './tables.ts';
