package dev.modelsigning.certificate;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.pkix.Certificates;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The accepted signers. Without a pin, any signer with a certificate for signing from a trusted
 * authority is accepted.
 *
 * @param identities subjects and alternative names, any of which is accepted
 * @param fingerprints SHA-256 of certificates in lower-case hexadecimal, any of which is accepted
 */
record SignerPins(List<String> identities, List<String> fingerprints) {

  SignerPins {
    identities = List.copyOf(identities);
    fingerprints = List.copyOf(fingerprints);
  }

  /**
   * Normalizes a fingerprint that was written with or without colons, in upper or lower case, with
   * or without the name of the algorithm.
   *
   * @throws IllegalArgumentException if it is not SHA-256
   */
  static String normalize(String fingerprint) {
    String hex =
        fingerprint
            .toLowerCase(Locale.ROOT)
            .replaceFirst("^sha-?256[:= ]", "")
            .replaceAll("[: ]", "");
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "expected a SHA-256 fingerprint of 64 hexadecimal digits, found "
              + Printable.quote(fingerprint));
    }
    return hex;
  }

  /** The pins that were set, by the names that the verdict has for them. */
  Map<String, List<String>> expected() {
    Map<String, List<String>> expected = new LinkedHashMap<>();
    if (!identities.isEmpty()) {
      expected.put("identity", identities);
    }
    if (!fingerprints.isEmpty()) {
      expected.put("fingerprint", fingerprints.stream().map(hex -> "sha256:" + hex).toList());
    }
    return expected;
  }

  /** Whether there is no pin. */
  boolean isEmpty() {
    return identities.isEmpty() && fingerprints.isEmpty();
  }

  /**
   * Requires an accepted signer.
   *
   * @return the required name that matched; empty if no name was required
   */
  Optional<String> require(SignerCertificate signer) throws VerificationException {
    Optional<String> named = identities.stream().filter(signer::isNamed).findFirst();
    if (!identities.isEmpty() && named.isEmpty()) {
      throw new VerificationException(
          Reason.WRONG_IDENTITY,
          "the signer is somebody else: expected "
              + String.join(" or ", identities.stream().map(Printable::quote).toList())
              + ", the certificate is of "
              + signer.allNames());
    }
    String found = Certificates.fingerprint(signer.certificate());
    if (!fingerprints.isEmpty() && !fingerprints.contains(found)) {
      throw new VerificationException(
          Reason.WRONG_IDENTITY,
          "the signer has another certificate: expected the SHA-256 fingerprint "
              + String.join(" or ", fingerprints)
              + ", found "
              + found
              + " of "
              + Certificates.name(signer.certificate()));
    }
    return named;
  }
}
