import { createCatalogue } from './catalogue.ts';
import type { CatalogueType } from './catalogue.ts';
import generated from './catalogue.generated.json' with { type: 'json' };

export { createCatalogue } from './catalogue.ts';
export type { Catalogue, CatalogueType } from './catalogue.ts';

/** The catalogue that ships: all files of event-types/, collected by scripts/catalogue.ts. */
export const catalogue = createCatalogue(generated as CatalogueType[]);
