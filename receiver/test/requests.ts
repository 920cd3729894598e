import { Webhook } from 'standardwebhooks';

export const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
export const OLDER_SECRET = 'whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=';

export interface SignedRequest {
  headers: Record<string, string>;
  body: string;
}

/** A request as Posthorn would send it now, signed by the public library. */
export function aRequest(
  change: { id?: string; body?: string; secret?: string; secondsAgo?: number } = {},
): SignedRequest {
  const { id = 'evt_01D0QDWPZ0VISITENDED000001', secret = SECRET, secondsAgo = 0 } = change;
  const body = change.body ?? '{"type":"visit.ended","data":{"id":"28540","name":"Zoë"}}';
  const at = new Date(Date.now() - secondsAgo * 1000);
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
  };
}
