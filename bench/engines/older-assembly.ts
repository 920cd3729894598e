import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/**
 * A cloud assembly as of the release before one that added a table: the same without the table, its exports and imports.
 * @returns its folder.
 */
export function withoutTable(app: string, folder: string, table: string): string {
  cpSync(app, folder, { recursive: true });
  const data = readJson(join(folder, 'PosthornData.template.json')) as {
    Resources: Record<string, unknown>;
    Outputs: Record<string, { Export: { Name: string } }>;
  };
  const gone = Object.entries(data.Outputs).filter(([, { Export }]) => Export.Name.includes(`${table}Table`));
  if (gone.length === 0) throw new Error(`Expected exports of the table ${table}, found none.`);
  for (const [output] of gone) delete data.Outputs[output];
  for (const id of Object.keys(data.Resources)) if (id.startsWith(`${table}Table`)) delete data.Resources[id];
  replaceTemplate(folder, 'PosthornData', JSON.stringify(data));
  let posthorn = JSON.stringify(readJson(join(folder, 'Posthorn.template.json')));
  for (const [, { Export }] of gone) posthorn = posthorn.replaceAll(`{"Fn::ImportValue":"${Export.Name}"}`, '"gone"');
  replaceTemplate(folder, 'Posthorn', posthorn);
  return folder;
}

/** Templates are uploaded under their hash, and one that is there is not uploaded again. */
function replaceTemplate(folder: string, stack: string, text: string): void {
  const assets = join(folder, `${stack}.assets.json`);
  const { files } = readJson(assets) as { files: Record<string, { source: { path: string } }> };
  const file = `${stack}.template.json`;
  const hash = Object.entries(files).find(([, { source }]) => source.path === file)?.[0];
  if (hash === undefined) throw new Error(`Expected ${file} among the files of ${assets}.`);
  const fresh = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(folder, file), text);
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.json') && !one.endsWith('.template.json'))) {
    writeFileSync(join(folder, name), readFileSync(join(folder, name), 'utf8').replaceAll(hash, fresh));
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
