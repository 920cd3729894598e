import { environmentName } from '../../bin/read-settings.ts';
import { SETTING_TYPES } from '../../lib/setting-types.ts';
import { DEFAULTS, type Settings } from '../../lib/settings.ts';

/**
 * The table of docs/configuration.md: a row for each setting, from its comment in lib/settings.ts, its default and the
 * words with which a wrong value is refused.
 * @param source text of lib/settings.ts.
 */
export function settingsTable(source: string): string {
  const descriptions = commentsIn(source);
  const rows = (Object.keys(DEFAULTS) as (keyof Settings)[]).map((name) => {
    const cells = [
      `\`${environmentName(name)}\``,
      `\`${name}\``,
      descriptions.get(name) ?? '',
      SETTING_TYPES[name].expected,
      defaultOf(DEFAULTS[name]),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| variable | context | what | values | default |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

/** The comment before each member, on one line, without its tags. */
export function commentsIn(source: string): Map<string, string> {
  const members = source.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*(\w+)\??:/g);
  return new Map(
    [...members].map(([, comment = '', name = '']) => [
      name,
      comment
        .replace(/@default[^]*/, '')
        .replace(/^\s*\*?/gm, '')
        .replace(/\s+/g, ' ')
        .trim(),
    ]),
  );
}

function defaultOf(value: Settings[keyof Settings]): string {
  if (value === '') return 'none';
  if (Array.isArray(value)) return `\`${value.join(',')}\``;
  return `\`${typeof value === 'object' ? JSON.stringify(value) : String(value)}\``;
}
