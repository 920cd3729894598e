import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import type { Schema } from '@cfworker/json-schema';
import type { CatalogueType } from '../lambdas/domain/catalogue/catalogue.ts';
import { describeProblems } from '../lambdas/domain/catalogue/schema-problems.ts';

const FOLDER = join(import.meta.dirname, '../lambdas/domain/catalogue');

/** Where {@link writeCatalogue} reads and writes; the tests have their own. */
export interface CataloguePlace {
  /** Folder of the event types' files. @default lambdas/domain/catalogue/event-types */
  eventTypes?: string;
  /** The file that the functions import. @default lambdas/domain/catalogue/catalogue.generated.json */
  generated?: string;
}

/**
 * Collects the event types' files into the one that the functions import, because a bundler cannot import a folder.
 * Runs before every synth and test; writes only on change.
 * @returns whether the file was out of date.
 * @throws Error that names every wrong file with what is wrong in it.
 */
export function writeCatalogue(place: CataloguePlace = {}): boolean {
  const generated = place.generated ?? join(FOLDER, 'catalogue.generated.json');
  const text = `${JSON.stringify(collectCatalogue(place.eventTypes), null, 2)}\n`;
  if (existsSync(generated) && readFileSync(generated, 'utf8') === text) return false;
  writeFileSync(generated, text);
  return true;
}

/** All event types of a folder by name, each checked. Errors as in {@link writeCatalogue}. */
export function collectCatalogue(eventTypes = join(FOLDER, 'event-types')): CatalogueType[] {
  const shape = readJson(join(FOLDER, 'catalogue.schema.json')) as Schema;
  const types: CatalogueType[] = [];
  const problems: string[] = [];
  for (const file of readdirSync(eventTypes).sort()) {
    if (!file.endsWith('.json')) continue;
    try {
      types.push(readType(join(eventTypes, file), file, shape));
    } catch (error) {
      problems.push(`${file}: ${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new Error(`The catalogue has files that are no event type:\n${problems.join('\n')}`);
  return types;
}

function readType(path: string, file: string, shape: Schema): CatalogueType {
  const type = readJson(path);
  mustMeet(shape, type, '');
  const { $schema: _editorsOnly, ...content } = type as CatalogueType & { $schema?: string };
  if (file !== `${content.name}.json`) throw new Error(`expected the name ${file.slice(0, -5)}, got ${content.name}`);
  mustMeet(content.schema, content.sample, '/sample');
  return content;
}

/** @throws Error that says what in `value` breaks the schema; `base` is the pointer to it in its file. */
function mustMeet(schema: Schema, value: unknown, base: string): void {
  const { valid, errors } = new Validator(schema, '2020-12').validate(value);
  if (valid) return;
  const problems = describeProblems(errors, schema, base);
  throw new Error(problems.map(({ pointer, detail }) => `${pointer || 'the whole'}: ${detail}`).join('; '));
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

if (import.meta.main)
  console.log(writeCatalogue() ? 'catalogue.generated.json written' : 'catalogue.generated.json is up to date');
