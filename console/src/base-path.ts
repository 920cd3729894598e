/** Below which path the API and this console are, with its first slash: by where this very script came from; mostly empty. */
export const BASE_PATH = /^(.*)\/console\/assets\//.exec(new URL(import.meta.url).pathname)?.[1] ?? '';
