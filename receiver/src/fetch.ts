import type { HeaderSource } from './headers.ts';
import { type OnDelivery, type ReceiveOptions, receive } from './receive.ts';

/** What is used of the web's `Request`. */
export interface FetchRequest {
  method: string;
  headers: Extract<HeaderSource, { get(name: string): string | null | undefined }>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * A handler for whatever speaks the web's `Request` and `Response`: Hono (`app.post(path, (c) => handle(c.req.raw))`),
 * Next.js routes, Deno, Bun, Workers with Node's Buffer. The raw body is there as long as nothing read it before.
 */
export function createFetchHandler(options: ReceiveOptions, onDelivery: OnDelivery) {
  return async (request: FetchRequest): Promise<Response> => {
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } });
    const read = async (): Promise<Uint8Array> => new Uint8Array(await request.arrayBuffer());
    return new Response(null, { status: await receive(read, request.headers, options, onDelivery) });
  };
}
