package dev.modelsigning.policy.internal.check;

import dev.modelsigning.policy.internal.rules.SignerText;
import dev.modelsigning.policy.internal.signer.PolicySigner;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares who an attestation states to have signed a base model or dataset with the signers of a
 * policy. It is what whoever signed the attestation verified and asserts; signatures that are at
 * hand are verified instead.
 */
final class SignerStatements {

  private final Map<String, PolicySigner> signers;

  SignerStatements(Map<String, PolicySigner> signers) {
    this.signers = signers;
  }

  /** The first of the signers with these names that is stated to have signed it. */
  Optional<String> signerOf(StatedAncestor ancestor, List<String> names) {
    return names.stream().filter(name -> isStated(ancestor, signers.get(name))).findFirst();
  }

  private static boolean isStated(StatedAncestor ancestor, PolicySigner signer) {
    return ancestor.content().text("never").isPresent() && signer.text() instanceof SignerText.Key;
  }
}
