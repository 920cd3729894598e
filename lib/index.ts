// What other people's CDK apps import: the package in construct/.
export { Posthorn, type PosthornProps } from './posthorn.ts';
export { PosthornTables } from './posthorn-tables.ts';
export type { Tables } from './tables.ts';
