// The pool's own module, not the package's index: that one loads fetch, caches and WebSockets as well, which costs every
// cold start several times the pool itself. The version is pinned; a test notices a move.
// eslint-disable-next-line @typescript-eslint/ban-ts-comment
// @ts-ignore: the module has no declaration beside it; its type is the package's.
import UndiciPool from 'undici/lib/dispatcher/pool.js';
import type { Pool as PoolType } from 'undici';

/** undici's HTTP/1.1 connections to one origin. */
export const Pool = UndiciPool as typeof PoolType;
