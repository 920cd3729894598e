/** What the documents may speak of. Paths are written from the root of the repository, with slashes. */
export interface World {
  /** Whether a file or folder exists. */
  exists(path: string): boolean;
  /** Whether the path of some file or folder ends with these segments. */
  existsBelow(path: string): boolean;
  /** Anchors of a Markdown file's headings; undefined when there is no such file. */
  anchors(path: string): ReadonlySet<string> | undefined;
  /** Names of the npm scripts of the root, or of a workspace; undefined when there is no such workspace. */
  scripts(workspace?: string): ReadonlySet<string> | undefined;
  /** Words that an npm script takes after `--`; undefined when it takes none of its own. */
  commands(script: string): ReadonlySet<string> | undefined;
  /** Names of the variables that somebody reads: `POSTHORN_…`. */
  variables: ReadonlySet<string>;
  routes: readonly ApiRoute[];
  /** Paths of the console's pages, `:id` for a parameter. */
  pages: readonly string[];
  /** Names of the alarms, and other names that begin like one. */
  alarms: ReadonlySet<string>;
  /** Whether code, or AWS, knows a word such as the name of a metric. */
  knowsWord(word: string): boolean;
}

/** An operation of the API. */
export interface ApiRoute {
  method: string;
  /** With parameters in braces. */
  path: string;
  /** Names of its query parameters. */
  query: readonly string[];
}

/** Looks for one kind of name in a document. @returns a sentence for each name that does not exist. */
type Check = (text: string, world: World, file: string) => string[];

/** Parts of a document that speak of what does not exist, with a reason in the comment that begins them. */
const UNCHECKED = /<!-- unchecked: \S[^>]*-->[^]*?<!-- \/unchecked -->/g;

/** Made by a command, or an operator's own: `outputs.json`, `.local/…`. */
const MADE =
  /^(\.local\b|cdk\.out\b|dist\/|console\/dist\b|(.*\/)?(outputs|event|lost|cdk\.context)\.json$|environments\/)/;
const FOLDERS = 'bin|lib|lambdas|local|console|receiver|bench|scripts|test|docs|\\.github|\\.ci';
const ENDING = '\\.(?:ts|tsx|mjs|json|jsonl|md|svg|css|yml)';
const PARAMETER = /^(\{.*\}|<.*>|:.*|\$.*|.*…)$/;

const all = (text: string, pattern: RegExp): string[][] => [...text.matchAll(pattern)].map((match) => [...match]);
const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

const links: Check = (text, world, file) =>
  all(text, /\]\((?![a-z]+:)([^)\s]*)\)/g).flatMap(([, link = '']) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : join(file.split('/').slice(0, -1), path);
    if (!world.exists(target)) return [`link ${link}: ${target} does not exist`];
    const known = anchor === undefined ? undefined : world.anchors(target);
    return known && !known.has(anchor!) ? [`link ${link}: ${target} has no such heading`] : [];
  });

/** Relative to a folder, `..` and all. */
function join(folder: readonly string[], path: string): string {
  const parts = [...folder];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

const npmScripts: Check = (text, world) => {
  const used = all(text, /npm (?:run ([a-z][\w:-]*)|(start|test))(?: -w (\w+))?(?: -- ([a-z][\w-]*))?/g);
  return used.flatMap(([written = '', run, short, workspace, command]) => {
    const name = run ?? short ?? '';
    if (!world.scripts(workspace)?.has(name)) return [`${written}: no such script`];
    const commands = workspace === undefined ? world.commands(name) : undefined;
    return command !== undefined && commands && !commands.has(command) ? [`${written}: no such command`] : [];
  });
};

const settings: Check = (text, { variables }) =>
  unique(all(text, /\bPOSTHORN_[A-Z0-9_]+\b/g).map(([name = '']) => name))
    .filter((name) => !variables.has(name))
    .map((name) => `${name}: nothing reads this variable`);

const routes: Check = (text, world) =>
  all(
    text,
    /(?:\b(GET|POST|PUT|PATCH|DELETE) )?(?<![\w)])(\/(?:v1\/|webhook-events|openapi\.json)[\w/{}<>$:?=&%.…-]*(?<![.:]))/g,
  ).flatMap(([written = '', method, address = '']) => {
    const [path = '', query = ''] = address.split('?');
    // The API as a whole, in words or as API Gateway's route.
    if (/^\/v1\/(…|\{proxy)?$/.test(path)) return [];
    const same = world.routes.filter((route) => isSamePath(path, route.path));
    if (same.length === 0) return [`${written}: no such route`];
    const matching = same.filter((route) => method === undefined || route.method === method);
    if (matching.length === 0)
      return [`${written}: this route has ${same.map((route) => route.method).join(', ')} only`];
    const names = query.split('&').map((part) => part.split('=')[0]!);
    const unknown = names.filter((name) => /^\w+$/.test(name) && !matching.some((route) => route.query.includes(name)));
    return unknown.map((name) => `${written}: this route has no parameter ${name}`);
  });

function isSamePath(written: string, path: string): boolean {
  const [given, known] = [written.split('/'), path.split('/')];
  return (
    given.length === known.length &&
    known.every((part, i) => part === given[i] || (PARAMETER.test(part) && PARAMETER.test(given[i]!)))
  );
}

const consolePages: Check = (text, { pages }) =>
  all(text, /(?<![\w.})])\/console(?:\/[^\s`"'|,;:.)]+)/g)
    .map(([written = '']) => written)
    .filter((written) => !written.includes('{proxy') && !pages.some((page) => isSamePath(written, page)))
    .map((written) => `${written}: the console has no such page`);

const sourcePaths: Check = (text, world, file) => {
  const folder = file.split('/').slice(0, -1);
  const full = all(text, new RegExp(`(?<![\\w./@-])(?:${FOLDERS})/[\\w./-]*(?:${ENDING}|/)(?![\\w*])`, 'g'));
  const isThere = (path: string): boolean => world.exists(path) || world.exists(join(folder, path));
  const missing = full.map(([path = '']) => path).filter((path) => !MADE.test(path) && !isThere(path));
  const short = all(text, new RegExp(`\`((?:[\\w.-]+/)*[\\w.-]+(?:${ENDING}|/))\``, 'g'));
  const unknown = short
    .map(([, path = '']) => path)
    .filter((path) => !new RegExp(`^(?:${FOLDERS})/.`).test(path) && !MADE.test(path))
    .filter((path) => !isThere(path) && !world.existsBelow(path));
  return unique([...missing, ...unknown]).map((path) => `${path}: no such file or folder`);
};

const alarms: Check = (text, world) =>
  unique(all(text, /(?<![\w/.@-])posthorn-[a-z0-9-]*[a-z0-9](?![\w…-])/g).map(([name = '']) => name))
    .filter((name) => !world.alarms.has(name))
    .map((name) => `${name}: no such alarm`);

/** Names of metrics, outputs, tables, types: two capitals or more, in code font. */
const words: Check = (text, world) =>
  unique(all(text, /`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`/g).map(([, word = '']) => word))
    .filter((word) => !world.knowsWord(word))
    .map((word) => `${word}: neither a metric nor anything else in the code has this name`);

/** Each kind of claim by its name. */
export const CHECKS = { links, npmScripts, settings, routes, consolePages, sourcePaths, alarms, words };
export type Kind = keyof typeof CHECKS;

/**
 * What a document says that is not so.
 * @param file its path; links are relative to it.
 * @param kinds which claims to check. @default all
 */
export function falseClaims(file: string, text: string, world: World, kinds = Object.keys(CHECKS) as Kind[]): string[] {
  const checked = text.replace(UNCHECKED, '');
  return kinds.flatMap((kind) => CHECKS[kind](checked, world, file));
}
