package dev.modelsigning.key;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.bundle.VerificationMaterial;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.key.PublicKeys.Found;
import dev.modelsigning.key.PublicKeys.Given;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.KeyIdentity;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.EnvelopeSignature;
import dev.modelsigning.signingkey.InvalidSignatureException;
import dev.modelsigning.signingkey.MlDsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * Verifies bundles that were signed with a bare private key, with its public key (OMS 8.2). The key
 * always comes from the user and never from the bundle. Several keys can be given, such as those
 * that a signer had one after the other; the signer that is reported says which one matched.
 * Verifiers are immutable and may be used by several threads.
 */
public final class KeyVerifier implements BundleVerifier {

  /** How many fingerprints a message names. */
  private static final int SHOWN = 5;

  /** How many keys are tried for a bundle that names none: each takes as long as the bundle. */
  private static final int MOST_TRIED = 20;

  private static final Collector<CharSequence, ?, String> COMMAS = Collectors.joining(", ");

  private final Found found;

  /** Those of them that count; at least one. */
  private final List<Given> keys;

  /** Whether bundles may name the key as clients of Sigstore do. */
  private final boolean sigstoreNames;

  private KeyVerifier(Found found, boolean sigstoreNames) {
    this.found = found;
    this.keys = found.keys();
    this.sigstoreNames = sigstoreNames;
  }

  /**
   * Loads one or more public keys, of which any may have signed.
   *
   * @param place a PEM file with {@code PUBLIC KEY} blocks, each on P-256, P-384 or P-521 (text
   *     around them is skipped), or a directory of such files. Entries whose names begin with a dot
   *     are ignored; anything else in it must be such a file. Keys for ML-DSA beside others are
   *     skipped, and {@link Rules#KEY_SKIPPED} says so
   * @throws IOException if something cannot be read
   * @throws UnusableTrustException if there is no public key, or one that cannot be used, or
   *     anything else, or more than 1,000 keys
   */
  public static KeyVerifier load(Path place) throws IOException, UnusableTrustException {
    return new KeyVerifier(PublicKeys.read(place, false), false);
  }

  /**
   * Like {@link #load}, and accepts keys for ML-DSA too. OMS does not have that scheme (4.2), and
   * {@link Rules#NOT_OMS} says so about each of their signatures.
   */
  public static KeyVerifier loadBeyondOms(Path place) throws IOException, UnusableTrustException {
    return new KeyVerifier(PublicKeys.read(place, true), false);
  }

  /**
   * Returns a verifier for a public key.
   *
   * @throws UnusableTrustException if the key is not on P-256, P-384 or P-521
   */
  public static KeyVerifier using(PublicKey publicKey) throws UnusableTrustException {
    try {
      return using(VerifyingKey.of(publicKey));
    } catch (InvalidKeyException e) {
      throw new UnusableTrustException(Kind.KEY, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Returns a verifier for a public key of any scheme; OMS defines those of {@link EcdsaScheme}
   * only.
   */
  public static KeyVerifier using(VerifyingKey publicKey) {
    return new KeyVerifier(new Found(List.of(new Given(publicKey, "")), List.of()), false);
  }

  /** The keys, of which any may have signed; at least one. */
  public List<VerifyingKey> keys() {
    return keys.stream().map(Given::key).toList();
  }

  @Override
  public VerifiedPayload verify(Bundle bundle) throws VerificationException {
    List<Finding> findings = new ArrayList<>();
    List<Given> candidates = candidates(bundle.verificationMaterial(), findings);
    Given signer = candidates.get(0);
    PayloadEncoding encoding;
    if (candidates.size() == 1) {
      encoding = EnvelopeSignature.requireBy(signer.key(), bundle.envelope(), "this key");
    } else {
      Match match = match(candidates, bundle.envelope());
      signer = match.signer();
      encoding = match.encoding();
    }
    notOms(signer.key()).ifPresent(findings::add);
    skipped().ifPresent(findings::add);
    if (!bundle.tlogEntries().isEmpty()
        || !bundle.rfc3161Timestamps().isEmpty()
        || !bundle.laterTimestamps().isEmpty()) {
      findings.add(
          Finding.of(
              Rules.EXTRAS_NOT_VERIFIED,
              "log entries and time stamps in the bundle were not verified"));
    }
    return VerifiedPayload.assertion(
        bundle.envelope().payload(), encoding, identity(signer), List.of(), findings);
  }

  /** The finding about keys that do not count. */
  private Optional<Finding> skipped() {
    if (found.skipped().isEmpty()) {
      return Optional.empty();
    }
    String files =
        found.skipped().stream().map(Given::file).distinct().limit(SHOWN).collect(COMMAS);
    int more = found.skipped().size() - SHOWN;
    return Optional.of(
        Finding.of(
            Rules.KEY_SKIPPED,
            files
                + (more > 0 ? " and others" : "")
                + ": keys for ML-DSA were skipped, which OMS v1.0 does not have; --beyond-oms accepts"
                + " them too (OMS 4.2)"));
  }

  private record Match(Given signer, PayloadEncoding encoding) {}

  /** Finds the key of a bundle that does not name it. */
  private static Match match(List<Given> candidates, Envelope envelope)
      throws VerificationException {
    for (Given candidate : candidates) {
      try {
        return new Match(candidate, EnvelopeSignature.by(candidate.key(), envelope));
      } catch (InvalidSignatureException e) {
        // It is not by this key.
      }
    }
    throw new VerificationException(
        Reason.INVALID_SIGNATURE,
        "the signature does not verify with any of these "
            + candidates.size()
            + " keys over this payload (OMS 8.2)");
  }

  /** The fingerprints of the keys, of which any may have signed. */
  @Override
  public Map<String, List<String>> expected() {
    return Map.of(
        "fingerprint", keys.stream().map(given -> "sha256:" + given.key().fingerprint()).toList());
  }

  /**
   * The verifier for attestations. Clients of Sigstore, such as cosign, name the same key in
   * another form, which it takes too.
   */
  @Override
  public KeyVerifier forAttestations() {
    return new KeyVerifier(found, true);
  }

  /** The keys that can be the one that a bundle names: all of them if it names none. */
  private List<Given> candidates(VerificationMaterial material, List<Finding> findings)
      throws VerificationException {
    if (!(material instanceof PublicKeyIdentifier identifier)) {
      throw new VerificationException(
          Reason.WRONG_METHOD,
          "the bundle was signed with a certificate, not with a bare key:"
              + " expected verificationMaterial.publicKey (OMS 4.1)");
    }
    if (!identifier.isPresent()) {
      findings.add(
          Finding.of(
              Rules.KEY_NOT_NAMED,
              "the bundle does not name its key, as bundles before OMS 1.1 could;"
                  + " sign the model anew to add it"));
      if (keys.size() > MOST_TRIED) {
        throw new VerificationException(
            Reason.WRONG_KEY,
            "the bundle does not name its key, and not all of "
                + keys.size()
                + " keys are tried; give at most "
                + MOST_TRIED);
      }
      return keys;
    }
    List<Given> named = keys.stream().filter(given -> isNamed(given.key(), identifier)).toList();
    if (named.isEmpty()) {
      throw otherKey(identifier);
    }
    return named;
  }

  private boolean isNamed(VerifyingKey key, PublicKeyIdentifier identifier) {
    return key.isNamedBy(identifier) || (sigstoreNames && key.isNamedAsBySigstore(identifier));
  }

  private VerificationException otherKey(PublicKeyIdentifier identifier) {
    if (identifier.hint().isPresent() && identifier.rawBytes().isPresent()) {
      return new VerificationException(
          Reason.WRONG_KEY,
          "publicKey.hint and publicKey.rawBytes do not both name "
              + (keys.size() == 1 ? "the key that was given" : "one of the keys that were given")
              + " (OMS 4.1)");
    }
    for (Given skipped : found.skipped()) {
      if (isNamed(skipped.key(), identifier)) {
        return new VerificationException(
            Reason.WRONG_KEY,
            "the bundle was signed with the key in "
                + skipped.file()
                + ", which does not count here: "
                + MlDsaScheme.notOms(skipped.key().scheme().name()));
      }
    }
    String given = keys.stream().limit(SHOWN).map(each -> each.key().fingerprint()).collect(COMMAS);
    if (keys.size() > SHOWN) {
      given += " and " + (keys.size() - SHOWN) + " more";
    }
    return new VerificationException(
        Reason.WRONG_KEY,
        "the bundle was signed with another key: "
            + (keys.size() == 1
                ? "the one given has the fingerprint "
                : "the " + keys.size() + " given have the fingerprints ")
            + given
            + ", the bundle names "
            + Printable.quote(VerifyingKey.claimedFingerprint(identifier).orElse(""))
            + " (OMS 4.1)"
            + rotated());
  }

  /** A service has the latest version of a key, and the signature may be by an earlier one. */
  private String rotated() {
    return keys.stream().allMatch(each -> each.key().service().isEmpty())
        ? ""
        : "; the key service gives the latest version of the key: if it was rotated since, verify"
            + " with the public key of that time, from a file";
  }

  private KeyIdentity identity(Given signer) {
    KeyIdentity identity = identity(signer.key());
    return keys.size() == 1 ? identity : identity.withKeyFile(signer.file());
  }

  /** The finding about signatures of a key whose scheme OMS does not have. */
  static Optional<Finding> notOms(VerifyingKey key) {
    return key.scheme() instanceof EcdsaScheme
        ? Optional.empty()
        : Optional.of(
            Finding.of(
                Rules.NOT_OMS,
                "the signature is not one of OMS v1.0, which does not have "
                    + key.scheme().name()
                    + ", so other clients cannot verify it; rely on the signature with an"
                    + " elliptic-curve key too (OMS 4.2)"));
  }

  static KeyIdentity identity(VerifyingKey key) {
    return new KeyIdentity(key.fingerprint(), key.scheme().name(), key.service());
  }
}
