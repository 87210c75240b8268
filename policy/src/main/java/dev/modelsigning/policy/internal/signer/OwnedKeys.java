package dev.modelsigning.policy.internal.signer;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The keys of one person: a bundle is theirs if it was signed with any of them. Signatures of keys
 * for ML-DSA, which OMS does not have, are verified too; whether one counts is decided by the rule.
 */
final class OwnedKeys implements BundleVerifier {

  private static final String PREFIX = "sha256:";

  private final List<VerifyingKey> keys;
  private final boolean forAttestations;

  private OwnedKeys(List<VerifyingKey> keys, boolean forAttestations) {
    this.keys = List.copyOf(keys);
    this.forAttestations = forAttestations;
  }

  /** Reads the keys. */
  static OwnedKeys load(List<Path> files) throws IOException, UnusableTrustException {
    List<VerifyingKey> keys = new ArrayList<>();
    for (Path file : files) {
      keys.addAll(KeyVerifier.loadBeyondOms(file).keys());
    }
    return new OwnedKeys(keys, false);
  }

  @Override
  public VerifiedPayload verify(Bundle bundle) throws VerificationException {
    VerificationException closest = null;
    for (VerifyingKey key : keys) {
      KeyVerifier verifier = KeyVerifier.using(key);
      try {
        return (forAttestations ? verifier.forAttestations() : verifier).verify(bundle);
      } catch (VerificationException e) {
        // What is not by this key says less than what is named to be by it, and does not verify.
        if (closest == null || closest.reason() == Reason.WRONG_KEY) {
          closest = e;
        }
      }
    }
    throw closest == null
        ? new VerificationException(
            Reason.WRONG_KEY,
            "the signer has no key of OMS (4.2), and attestations with others do not count")
        : closest;
  }

  /** Only the keys of OMS: no claim is taken for one of others. */
  @Override
  public OwnedKeys forAttestations() {
    return new OwnedKeys(keys.stream().filter(OwnedKeys::isOfOms).toList(), true);
  }

  /** The fingerprints of the keys of OMS. */
  @Override
  public Map<String, List<String>> expected() {
    return Map.of(
        "fingerprint",
        keys.stream().filter(OwnedKeys::isOfOms).map(key -> PREFIX + key.fingerprint()).toList());
  }

  /** The fingerprints of all keys, in lower-case hexadecimal. */
  List<String> fingerprints() {
    return keys.stream().map(VerifyingKey::fingerprint).toList();
  }

  /** The names of the schemes of all keys. */
  Set<String> schemes() {
    return keys.stream().map(key -> key.scheme().name()).collect(Collectors.toSet());
  }

  private static boolean isOfOms(VerifyingKey key) {
    return key.scheme() instanceof EcdsaScheme;
  }
}
