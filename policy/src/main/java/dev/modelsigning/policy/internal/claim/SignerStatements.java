package dev.modelsigning.policy.internal.claim;

import dev.modelsigning.policy.internal.signer.AskedSigners;
import java.util.List;
import java.util.Optional;

/**
 * Compares who an attestation states to have signed a base model or dataset with the signers of a
 * policy. It is what whoever signed the attestation has verified, and is trusted to say. Only keys
 * and certificates that the policy names by their fingerprints are compared: a name means little
 * without the authority that was trusted for it, which is not stated. For signers by name, the
 * signature itself is verified instead.
 */
final class SignerStatements {

  private static final String PROPERTY = "dev.modelsigning:oms:signer";
  private static final String ANNOTATION = "dev.modelsigning/signer";

  private final AskedSigners signers;

  SignerStatements(AskedSigners signers) {
    this.signers = signers;
  }

  /** The first of the signers with these names that is stated to have signed it. */
  Optional<String> signerOf(StatedAncestor ancestor, List<String> names) {
    Optional<String> stated =
        ancestor
            .content()
            .property(PROPERTY)
            .or(() -> ancestor.content().text("annotations", ANNOTATION));
    return stated.flatMap(text -> names.stream().filter(name -> is(text, name)).findFirst());
  }

  private boolean is(String stated, String name) {
    return signers.fingerprints(name).stream()
        .anyMatch(one ->
            stated.equals("key " + one)
                || (stated.startsWith("certificate ") && stated.endsWith(" (sha256:" + one + ")")));
  }
}
