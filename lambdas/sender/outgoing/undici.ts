// The module of undici that sends, not the package's index: that one loads fetch, caches and WebSockets as well, which
// costs every cold start several times as much. The version is pinned; a test notices a move.
// oxlint-disable-next-line typescript/ban-ts-comment
// @ts-ignore: the module has no declaration beside it; its type is the package's.
import UndiciClient from 'undici/lib/dispatcher/client.js';
import type { Client as ClientType } from 'undici';

/** undici's HTTP/1.1 client of one connection. */
export const Client = UndiciClient as typeof ClientType;
export type Client = ClientType;
