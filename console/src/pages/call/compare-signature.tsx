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
        description="If you paste it, we can name the mistake."
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
  const value = computed.replace(/^(t=\d+,)?v1[,=]/, '');
  const isSame = signed.some(({ made }) => made.some(({ signature }) => signature.slice('v1,'.length) === value));
  if (isSame) {
    return {
      isRight: true,
      title: 'Your code computed the right signature',
      detail:
        'If it refused anyway, it compares wrongly: with a header of another request, with v1, in front of only one of the two, or with all signatures of the header at once. Or its clock is wrong by more than 5 minutes.',
    };
  }
  const base64 = asBase64(value);
  if (base64 === undefined) {
    const detail = `Expected 44 characters of base64, or 64 hexadecimal digits; these are ${value.length} characters.`;
    return { isRight: false, title: 'This is not an HMAC-SHA256', detail };
  }
  const asked = { headers: { ...headers, 'webhook-signature': `v1,${base64}` }, body, computed: base64 };
  const params = { path: { id: subscription } };
  const { cause, detail } = await bodyOf(client.POST('/v1/subscriptions/{id}/verify', { params, body: asked }));
  // In hexadecimal digits, and right but for that.
  if (cause === 'none' || cause === 'older-secret' || cause.startsWith('timestamp-')) {
    return {
      isRight: false,
      title: CAUSES['computed-in-hexadecimal'],
      detail: 'Computed correctly, but webhook-signature is base64.',
    };
  }
  return { isRight: false, title: CAUSES[cause], detail };
}

/** What was computed as base64, in whichever way it was written; undefined when it is no SHA-256. */
function asBase64(computed: string): string | undefined {
  if (/^[A-Za-z0-9+/]{43}=$/.test(computed)) return computed;
  if (!/^[0-9a-f]{64}$/i.test(computed)) return undefined;
  return btoa(computed.replaceAll(/../g, (digits) => String.fromCharCode(parseInt(digits, 16))));
}
