import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { bodyOf } from '../../api/client.ts';
import type { Answer, Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { DocsLink } from '../../ui/docs-link.tsx';
import { messageOf } from '../../ui/notices.tsx';
import { CAUSES } from '../call/signature-causes.ts';
import { pastedHeaders } from './pasted-headers.ts';

type Verdict = Answer<'verifySignature'>;

/** Says why a request does not verify. What is pasted may hold patients' data: it is gone with the dialog. */
export function CheckSignature({ subscription, close }: { subscription: Subscription; close: () => void }) {
  const [headers, setHeaders] = useState('');
  const [body, setBody] = useState('');
  const [computed, setComputed] = useState('');
  const { busy, check, verdict, error, wrong } = useCheck(subscription.id);
  return (
    <Modal
      visible
      size="large"
      header="Check a signature"
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close}>
              Cancel
            </Button>
            <Button variant="primary" loading={busy} onClick={() => void check({ headers, body, computed })}>
              Check
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <FormField
          stretch
          label="Headers of the request"
          description="As received, one per line, as name: value. Those that begin with webhook- are enough."
          errorText={wrong}
        >
          <Textarea rows={4} spellcheck={false} value={headers} onChange={({ detail }) => setHeaders(detail.value)} />
        </FormField>
        <FormField stretch label="Body" description="As received, before anything parsed it.">
          <Textarea rows={6} spellcheck={false} value={body} onChange={({ detail }) => setBody(detail.value)} />
        </FormField>
        <FormField
          stretch
          label={
            <>
              Computed signature <i>- optional</i>
            </>
          }
          description="The signature that your code computed. If you paste it, we can name the mistake."
        >
          <Input spellcheck={false} value={computed} onChange={({ detail }) => setComputed(detail.value)} />
        </FormField>
        <div aria-live="polite">
          {verdict && <Result verdict={verdict} />}
          {error !== undefined && <Alert type="error">{error}</Alert>}
        </div>
      </SpaceBetween>
    </Modal>
  );
}

interface Pasted {
  headers: string;
  body: string;
  computed: string;
}

/** Asks the API about what was pasted. */
function useCheck(id: string) {
  const { client } = useSession();
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ verdict?: Verdict; error?: string; wrong?: string }>({});
  const check = async ({ headers, body, computed }: Pasted): Promise<void> => {
    const read = pastedHeaders(headers);
    if ('wrong' in read) return setOutcome({ wrong: `Expected name: value on every line; found: ${read.wrong}` });
    if (Object.keys(read.headers).length === 0) return setOutcome({ wrong: 'Paste the headers of the request.' });
    setBusy(true);
    const params = { path: { id } };
    const asked = { headers: read.headers, body, computed: computed.trim() || undefined };
    await bodyOf(client.POST('/v1/subscriptions/{id}/verify', { params, body: asked })).then(
      (verdict) => setOutcome({ verdict }),
      (failure: unknown) => setOutcome({ error: messageOf(failure) }),
    );
    setBusy(false);
  };
  return { busy, check, ...outcome };
}

function Result({ verdict: { valid, cause, detail } }: { verdict: Verdict }) {
  return (
    <Alert type={valid ? 'success' : 'error'} header={CAUSES[cause]}>
      {detail}{' '}
      {!valid && <DocsLink to="troubleshooting#the-signature-does-not-match">Causes of a wrong signature</DocsLink>}
    </Alert>
  );
}
