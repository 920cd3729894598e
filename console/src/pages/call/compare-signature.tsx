import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { bodyOf, type Client } from '../../api/client.ts';
import { useSession } from '../../session.tsx';
import { DocsLink } from '../../ui/docs-link.tsx';
import { messageOf } from '../../ui/notices.tsx';
import { useRested } from '../../ui/use-rested.ts';
import { CAUSES } from './signature-causes.ts';
import type { SignedHeader } from './signed.ts';

/** Rest between the last key and the question, milliseconds. */
const REST_MS = 300;

interface Signed {
  subscription: string;
  headers: Record<string, string>;
  body: string;
  signed: readonly SignedHeader[];
}

interface Verdict {
  isRight: boolean;
  title: string;
  detail: string;
}

/** What the receiver's code computed for this call, beside what was sent: the mistake is named as soon as it is pasted. */
export function CompareSignature(of: Signed) {
  const { client } = useSession();
  const [text, setText] = useState('');
  const computed = useRested(text.trim(), REST_MS);
  const { data, error } = useQuery({
    queryKey: ['computed signature', of.subscription, of.headers, computed],
    queryFn: () => judge(client, of, computed),
    enabled: computed !== '',
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  return (
    <>
      <FormField
        stretch
        label={
          <>
            What your code computed <i>- optional</i>
          </>
        }
        description="For this call: then its mistake is named."
      >
        <Input spellcheck={false} value={text} onChange={({ detail }) => setText(detail.value)} />
      </FormField>
      <div aria-live="polite">
        {error && <Alert type="error">{messageOf(error)}</Alert>}
        {computed !== '' && data && (
          <Alert type={data.isRight ? 'success' : 'error'} header={data.title}>
            {data.detail}{' '}
            {!data.isRight && (
              <DocsLink to="troubleshooting#the-signature-does-not-match">Causes of a wrong signature</DocsLink>
            )}
          </Alert>
        )}
      </div>
    </>
  );
}

async function judge(
  client: Client,
  { subscription, headers, body, signed }: Signed,
  computed: string,
): Promise<Verdict> {
  const isSame = signed.some(({ made }) =>
    made.some(({ signature }) => signature.slice('v1,'.length) === computed.replace(/^(t=\d+,)?v1[,=]/, '')),
  );
  if (isSame) {
    return {
      isRight: true,
      title: 'Your code computed the right signature',
      detail:
        'If it refused all the same, it compares wrongly: with a header of another request, with v1, in front of one of the two, or with all signatures of the header at once. Or its clock is off by more than 5 minutes.',
    };
  }
  const asked = { headers: headersOf(headers, signed, computed), body, computed };
  const params = { path: { id: subscription } };
  const { cause, detail } = await bodyOf(client.POST('/v1/subscriptions/{id}/verify', { params, body: asked }));
  return { isRight: false, title: CAUSES[cause], detail };
}

/** The call's headers, with the computed signature in the place of ours: then it is found whose secret made it. */
function headersOf(
  headers: Record<string, string>,
  signed: readonly SignedHeader[],
  computed: string,
): Record<string, string> {
  const [, base64] = /^(?:v1,)?([A-Za-z0-9+/]{43}=)$/.exec(computed) ?? [];
  const ours = signed[0]?.made[0]?.signature ?? '';
  return {
    'webhook-id': headers['webhook-id'] ?? '',
    'webhook-timestamp': headers['webhook-timestamp'] ?? '',
    // Digits of another kind cannot stand there; the mistake is then found by what was computed alone.
    'webhook-signature': base64 === undefined ? ours : `v1,${base64}`,
  };
}
