import 'reflect-metadata';
import { createPrivateKey, type webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(crypto);

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const WEAK_RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 512,
};
const DAY = 86_400_000;

/** What is wrong with a certificate; `valid`: nothing. */
export type Fault = 'valid' | 'wrong_host' | 'expired' | 'unknown_ca' | 'cn_only' | 'wildcard_two_levels' | 'weak_key';

/** PEM texts for a TLS server. */
export interface ServerIdentity {
  key: string;
  /** The certificate, then `extraBytes` of further ones. */
  cert: string;
}

/** A certificate authority that lives as long as the test. */
export interface Authority {
  /** PEM for the client to trust. */
  ca: string;
  /** A certificate for `hostnames` with one fault; with `extraBytes`, so much more chain behind it. */
  issue(hostnames: string[], fault?: Fault, extraBytes?: number): Promise<ServerIdentity>;
  /** An authority under this one, as the public ones issue from; its own certificate comes behind those that it issues. */
  subordinate(): Promise<Authority>;
}

interface Issuer {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}

/** Makes an authority of its own for each call, without any program outside Node. */
export async function createAuthority(): Promise<Authority> {
  const root = await selfSigned('CN=Posthorn test authority');
  return authorityOf(root, await selfSigned('CN=Nobody knows this authority'), root.certificate.toString('pem'), '');
}

/** @param ca the root's. @param chain what comes behind each certificate. */
function authorityOf(own: Issuer, stranger: Issuer, ca: string, chain: string): Authority {
  return {
    ca,
    async issue(hostnames, fault = 'valid', extraBytes = 0) {
      const keys = await crypto.subtle.generateKey(fault === 'weak_key' ? WEAK_RSA : EC, true, ['sign', 'verify']);
      const certificate = await sign(fault === 'unknown_ca' ? stranger : own, {
        subject: `CN=${hostnames[0]}`,
        notBefore: new Date(Date.now() - (fault === 'expired' ? 30 : 1) * DAY),
        notAfter: new Date(Date.now() + (fault === 'expired' ? -1 : 30) * DAY),
        publicKey: keys.publicKey,
        extensions: fault === 'cn_only' ? [] : [alternativeNames(hostnames, fault)],
      });
      const padding = extraBytes > 0 ? await paddingCertificate() : '';
      const copies = padding === '' ? 0 : Math.ceil(extraBytes / (padding.length * 0.73));
      return {
        key: await privateKeyPem(keys.privateKey),
        cert: certificate.toString('pem') + '\n' + chain + `${padding}\n`.repeat(copies),
      };
    },
    async subordinate() {
      const keys = await crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
      const certificate = await sign(own, {
        subject: 'CN=Posthorn test authority that issues',
        ...thisMonth(),
        publicKey: keys.publicKey,
        extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
      });
      return authorityOf({ certificate, keys }, stranger, ca, `${certificate.toString('pem')}\n${chain}`);
    },
  };
}

type Unsigned = Omit<x509.X509CertificateCreateParams & { publicKey: webcrypto.CryptoKey }, 'issuer' | 'signingKey'>;

function sign(issuer: Issuer, unsigned: Unsigned): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    ...unsigned,
    issuer: issuer.certificate.subject,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: EC,
  });
}

const thisMonth = (): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() - DAY),
  notAfter: new Date(Date.now() + 30 * DAY),
});

function alternativeNames(hostnames: string[], fault: Fault): x509.Extension {
  const names =
    fault === 'wrong_host' ? ['other.example.net'] : fault === 'wildcard_two_levels' ? ['*.example.com'] : hostnames;
  return new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })));
}

async function selfSigned(name: string): Promise<Issuer> {
  const keys = await crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: EC,
    ...thisMonth(),
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  return { certificate, keys };
}

async function paddingCertificate(): Promise<string> {
  const { certificate } = await selfSigned(`CN=padding, O=${'x'.repeat(2000)}`);
  return certificate.toString('pem');
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}
