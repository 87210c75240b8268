// Writes the trust configurations of the stack for clients, from its keys and certificates:
//
//   trust-config.mjs STATE CT_URL FULCIO_URL REKOR_V1_URL REKOR_V2_URL TSA_URL OIDC_URL
//
// STATE/trusted_root.json     the trusted root alone
// STATE/trust_config.json     with a signing configuration that offers both versions of Rekor
// STATE/trust_config_v1.json  with one that offers Rekor v1 only
// STATE/trust_config_v2.json  with one that offers Rekor v2 only

import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [state, ctUrl, fulcioUrl, rekorV1Url, rekorV2Url, tsaUrl, oidcUrl] = process.argv.slice(2);

const pem = (name) => readFileSync(join(state, 'keys', name), 'utf8');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('base64');

// A minute ago, since a validity that starts in the future would be useless.
const validFor = { start: new Date(Date.now() - 60_000).toISOString().replace(/\.\d+Z$/, 'Z') };

function log(baseUrl, keyFile) {
  const key = createPublicKey(pem(keyFile));
  const bytes = key.export({ format: 'der', type: 'spki' });
  const ed25519 = key.asymmetricKeyType === 'ed25519';
  return {
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: bytes.toString('base64'),
      keyDetails: ed25519 ? 'PKIX_ED25519' : 'PKIX_ECDSA_P256_SHA_256',
      validFor,
    },
    // The log ID of a tile-based log is that of signed notes: it covers the name of the log too. The raw key
    // is the last 32 bytes of the encoded one.
    logId: {
      keyId: ed25519
        ? sha256(Buffer.concat([Buffer.from(`${new URL(baseUrl).hostname}\n\x01`), bytes.subarray(-32)]))
        : sha256(bytes),
    },
  };
}

function authority(uri, chainFile) {
  const certificates = pem(chainFile)
    .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
    .map((certificate) => new X509Certificate(certificate));
  const subject = Object.fromEntries(certificates[0].subject.split('\n').map((line) => line.split('=')));
  return {
    subject: { organization: subject.O, commonName: subject.CN },
    uri,
    certChain: { certificates: certificates.map(({ raw }) => ({ rawBytes: raw.toString('base64') })) },
    validFor,
  };
}

const trustedRoot = {
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  tlogs: [log(rekorV1Url, 'rekor-v1.pub'), log(rekorV2Url, 'rekor-v2.pub')],
  certificateAuthorities: [authority(fulcioUrl, 'fulcio-chain.pem')],
  ctlogs: [log(ctUrl, 'ct.pub')],
  timestampAuthorities: [authority(tsaUrl, 'tsa-chain.pem')],
};

const service = (url, majorApiVersion) => ({ url, majorApiVersion, validFor, operator: 'localhost' });

const trustConfig = (...rekors) => ({
  mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json',
  trustedRoot,
  signingConfig: {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: [service(fulcioUrl, 1)],
    oidcUrls: [service(oidcUrl, 1)],
    rekorTlogUrls: rekors,
    rekorTlogConfig: { selector: 'ANY' },
    tsaUrls: [service(tsaUrl, 1)],
    tsaConfig: { selector: 'ANY' },
  },
});

const write = (name, json) => writeFileSync(join(state, name), `${JSON.stringify(json, null, 2)}\n`);

const rekorV1 = service(rekorV1Url, 1);
const rekorV2 = service(rekorV2Url, 2);
write('trusted_root.json', trustedRoot);
write('trust_config.json', trustConfig(rekorV2, rekorV1));
write('trust_config_v1.json', trustConfig(rekorV1));
write('trust_config_v2.json', trustConfig(rekorV2));
