import { type OnDelivery, type ReceiveOptions, receive } from './receive.ts';

/** What is used of the event of a function URL, an HTTP API, a REST API or a load balancer. */
export interface LambdaHttpEvent {
  headers?: Record<string, string | undefined> | null;
  body?: string | null;
  isBase64Encoded?: boolean;
}

export interface LambdaAnswer {
  statusCode: number;
  body: string;
}

/** A Lambda handler behind HTTP. AWS hands the raw body over as it came, in base64 where it says so. */
export function createLambdaHandler(options: ReceiveOptions, onDelivery: OnDelivery) {
  return async (event: LambdaHttpEvent): Promise<LambdaAnswer> => {
    const read = async (): Promise<string | Uint8Array> =>
      event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64') : (event.body ?? '');
    return { statusCode: await receive(read, event.headers ?? {}, options, onDelivery), body: '' };
  };
}
