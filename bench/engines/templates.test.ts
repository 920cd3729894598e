import { describe, expect, it } from 'vitest';
import { environmentName, readSettings } from '../../bin/read-settings.ts';
import { SETTING_NAMES } from '../../lib/setting-types.ts';
import { DEFAULTS } from '../../lib/settings.ts';
import { LINTED } from './settings.ts';

describe('the templates that linters read', () => {
  it('have every setting at another value than its default, each in one at least', () => {
    const changed = new Set(
      Object.values(LINTED).flatMap((environment) => {
        const settings = readSettings(() => undefined, environment);
        return SETTING_NAMES.filter((name) => JSON.stringify(settings[name]) !== JSON.stringify(DEFAULTS[name]));
      }),
    );

    expect(SETTING_NAMES.filter((name) => !changed.has(name))).toEqual([]);
  });

  it('are given settings by names that there are', () => {
    const known = SETTING_NAMES.map(environmentName);

    expect(
      Object.values(LINTED)
        .flatMap((one) => Object.keys(one))
        .filter((name) => !known.includes(name)),
    ).toEqual([]);
  });
});
