package dev.modelsigning.cli.predicate;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerifiedPayload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Accepts what any of several verifiers accepts, with the signer that this one names. */
final class AnySigner implements BundleVerifier {

  /** Why a bundle is one for another verifier, which says the least of all. */
  private static final Set<Reason> BY_ANOTHER =
      Set.of(Reason.WRONG_METHOD, Reason.WRONG_KEY, Reason.WRONG_IDENTITY);

  private final List<BundleVerifier> verifiers;

  private AnySigner(List<BundleVerifier> verifiers) {
    this.verifiers = List.copyOf(verifiers);
  }

  /** The only one of the verifiers, or one that accepts what any of them accepts. */
  static BundleVerifier of(List<BundleVerifier> verifiers) {
    return verifiers.size() == 1 ? verifiers.get(0) : new AnySigner(verifiers);
  }

  @Override
  public VerifiedPayload verify(Bundle bundle)
      throws IOException, MalformedBundleException, VerificationException {
    List<VerificationException> failures = new ArrayList<>();
    for (BundleVerifier verifier : verifiers) {
      try {
        return verifier.verify(bundle);
      } catch (VerificationException e) {
        failures.add(e);
      }
    }
    throw failure(failures);
  }

  /** All of it, with the reason of the one whose bundle it is, if it is known. */
  private static VerificationException failure(List<VerificationException> failures) {
    VerificationException closest =
        failures.stream()
            .filter(each -> !BY_ANOTHER.contains(each.reason()))
            .findFirst()
            .orElseGet(() ->
                failures.stream()
                    .filter(each -> each.reason() != Reason.WRONG_METHOD)
                    .findFirst()
                    .orElse(failures.get(0)));
    VerificationException all =
        new VerificationException(
            closest.reason(),
            "none of the "
                + failures.size()
                + " that are trusted signed it: "
                + failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; ")),
            closest);
    failures.remove(closest);
    failures.forEach(all::addSuppressed);
    return all;
  }
}
