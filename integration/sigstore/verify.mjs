// Verifies a bundle with the JavaScript client:
//
//   node integration/sigstore/verify.mjs DIR BUNDLE TRUSTED_ROOT IDENTITY ISSUER
//
// DIR is where the client was installed. Exit code 0 if the signature, its certificate, its log entries and
// its times are valid, and the signer is IDENTITY of ISSUER; otherwise 1, with the reason. The content of the
// statement is not verified.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

if (process.argv.length !== 7) {
  console.error('usage: verify.mjs DIR BUNDLE TRUSTED_ROOT IDENTITY ISSUER');
  process.exit(2);
}
const [directory, bundleFile, rootFile, identity, issuer] = process.argv.slice(2);
const installed = createRequire(resolve(directory, 'npm', 'package.json'));
const { bundleFromJSON } = installed('@sigstore/bundle');
const { TrustedRoot } = installed('@sigstore/protobuf-specs');
const { toSignedEntity, toTrustMaterial, Verifier } = installed('@sigstore/verify');

const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

try {
  // A trust configuration contains a trusted root.
  const root = json(rootFile);
  const trusted = TrustedRoot.fromJSON(root.trustedRoot ?? root);
  const verifier = new Verifier(toTrustMaterial(trusted));
  // The client interprets the identity as a regular expression.
  const subjectAlternativeName = `^${identity.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`;
  verifier.verify(toSignedEntity(bundleFromJSON(json(bundleFile))), {
    subjectAlternativeName,
    extensions: { issuer },
  });
  console.log(`verified: signed by ${identity} of ${issuer}`);
} catch (error) {
  console.error(`refused: ${error.code ?? error.name}: ${error.message}`);
  process.exit(1);
}
