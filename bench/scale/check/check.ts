import { parseArgs } from 'node:util';
import { printLoad } from '../../platform/platform.ts';
import { printTable } from '../../support/report.ts';
import { figuresOf } from './figures.ts';
import { LOADS, onModel } from './loads.ts';
import { onLocal } from './on-local.ts';

/**
 * `npm run bench -- scale --check [--of organization|hanging]`: a tenth of a scenario on the model and on the local engines that are
 * as bad as AWS, figure beside figure. @throws when there is no such scenario.
 */
export async function check(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { check: { type: 'boolean' }, of: { type: 'string' } } });
  const loads = LOADS.filter(({ name }) => values.of === undefined || name === values.of);
  if (loads.length === 0)
    throw new Error(`--of: expected one of ${LOADS.map(({ name }) => name).join(', ')}, got "${values.of}".`);
  for (const load of loads) {
    const model = figuresOf(onModel(load), load.counts);
    const local = figuresOf(await onLocal(load), load.counts);
    printLoad(load.title);
    printTable(
      [`a tenth of ${load.name}`, 'model', 'local', 'local / model'],
      model.map(({ what, value, unit }, n) => {
        const measured = local[n]!.value;
        return [what, text(value, unit), text(measured, unit), (measured / value).toFixed(2)];
      }),
    );
  }
}

function text(value: number, unit: string): string {
  const number = value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
  return unit === '' ? number : `${number} ${unit}`;
}
