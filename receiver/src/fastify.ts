import { type OnDelivery, type ReceiveOptions, rawBodyOf, receive } from './receive.ts';

/** What is used of Fastify's request. */
export interface FastifyLikeRequest {
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

/** What is used of Fastify's reply. */
export interface FastifyLikeReply {
  code(status: number): { send(): unknown };
}

const ADVICE =
  "Register app.addContentTypeParser(['application/json', 'application/cloudevents+json'], { parseAs: 'buffer' }, " +
  '(request, body, done) => done(null, body)) in the plugin that holds this route.';

/**
 * A route handler for Fastify. Fastify parses JSON before a handler runs, so the plugin that holds the route needs a
 * content type parser that leaves the bytes alone; without it every delivery is answered 500 and `onError` says so.
 */
export function createFastifyHandler(options: ReceiveOptions, onDelivery: OnDelivery) {
  return async (request: FastifyLikeRequest, reply: FastifyLikeReply): Promise<void> => {
    const read = async (): Promise<string | Uint8Array> => rawBodyOf(request.body, ADVICE);
    reply.code(await receive(read, request.headers, options, onDelivery)).send();
  };
}
