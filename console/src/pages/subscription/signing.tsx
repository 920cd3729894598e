import { useQuery } from '@tanstack/react-query';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import CloudscapeLink from '@cloudscape-design/components/link';
import { BASE_PATH } from '../../base-path.ts';
import { bodyOf } from '../../api/client.ts';
import type { Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Failure } from '../../ui/failure.tsx';
import { shown } from '../../ui/shown.ts';
import { publicKeyOf } from './public-key.ts';

/** How requests may be signed, as the form offers it. */
export const SIGNINGS = [
  { value: 'v1', label: 'v1: with the signing secret' },
  { value: 'v1a', label: 'v1a: verified with a public key, so the receiver needs no secret' },
  { value: 'both', label: 'Both, while a receiver changes from one to the other' },
];

/** How requests are signed; where that takes a public key, the key itself, which everybody may see. */
export function Signing({ subscription: { id, signing } }: { subscription: Subscription }) {
  const label = SIGNINGS.find(({ value }) => value === signing)?.label ?? shown(signing);
  return (
    <>
      {label}
      {(signing === 'v1a' || signing === 'both') && <PublicKeys id={id} />}
    </>
  );
}

function PublicKeys({ id }: { id: string }) {
  const { client } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['/v1/subscriptions', id, 'jwks'],
    queryFn: () => bodyOf(client.GET('/v1/subscriptions/{id}/jwks.json', { params: { path: { id } } })),
  });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <>
      {data?.keys.map(({ x, kid }, i) => (
        <div key={kid}>
          {i === 0 ? 'Public key' : 'Older public key'} <span className="key">{publicKeyOf(x)}</span>{' '}
          <CopyToClipboard
            variant="icon"
            copyButtonAriaLabel={i === 0 ? 'Copy the public key' : 'Copy the older public key'}
            copySuccessText="Copied"
            copyErrorText="The browser did not allow it"
            textToCopy={publicKeyOf(x)}
          />
        </div>
      ))}
      <CloudscapeLink
        external
        externalIconAriaLabel="Opens in a new tab"
        href={`${BASE_PATH}/v1/subscriptions/${encodeURIComponent(id)}/jwks.json`}
      >
        As a JWK set
      </CloudscapeLink>
    </>
  );
}
