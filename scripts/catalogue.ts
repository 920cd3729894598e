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
  const checker = new Validator(readJson(join(FOLDER, 'catalogue.schema.json')) as Schema, '2020-12');
  const types: CatalogueType[] = [];
  const problems: string[] = [];
  for (const file of readdirSync(eventTypes).sort()) {
    if (!file.endsWith('.json')) continue;
    try {
      types.push(readType(join(eventTypes, file), file, checker));
    } catch (error) {
      problems.push(`${file}: ${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new Error(`The catalogue has files that are no event type:\n${problems.join('\n')}`);
  return types;
}

function readType(path: string, file: string, checker: Validator): CatalogueType {
  const type = readJson(path);
  const shape = checker.validate(type);
  if (!shape.valid) throw new Error(inWords(describeProblems(shape.errors, checker['schema'] as Schema, '')));
  const { $schema: _editorsOnly, ...content } = type as CatalogueType & { $schema?: string };
  if (file !== `${content.name}.json`) throw new Error(`expected the name ${file.slice(0, -5)}, got ${content.name}`);
  const sample = new Validator(content.schema, '2020-12').validate(content.sample);
  if (!sample.valid) throw new Error(inWords(describeProblems(sample.errors, content.schema, '/sample')));
  return content;
}

function inWords(problems: { pointer: string; detail: string }[]): string {
  return problems.map(({ pointer, detail }) => `${pointer || 'the whole'}: ${detail}`).join('; ');
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

if (import.meta.main)
  console.log(writeCatalogue() ? 'catalogue.generated.json written' : 'catalogue.generated.json is up to date');
