package dev.modelsigning.report;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.predicate.MalformedPredicateException;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Maps failures to the rules that identify them for programs. */
public final class FailureReason {

  private FailureReason() {}

  /**
   * The rule of a failure, with severity {@link Severity#ERROR}; empty if it is not one of the
   * checked exceptions of this library, and therefore a defect.
   */
  public static Optional<Rule> rule(Throwable failure) {
    if (failure instanceof VerificationException verification) {
      return Optional.of(verification.rule());
    }
    if (failure instanceof UnusableTrustException unusable) {
      return Optional.of(unusable.kind().rule());
    }
    if (failure instanceof MalformedBundleException) {
      return Optional.of(Rules.MALFORMED_BUNDLE);
    }
    if (failure instanceof MalformedPredicateException) {
      return Optional.of(Rules.MALFORMED_PREDICATE);
    }
    if (failure instanceof SigningException) {
      return Optional.of(Rules.SIGNING_FAILED);
    }
    return failure instanceof IOException || failure instanceof UncheckedIOException
        ? Optional.of(Rules.IO_ERROR)
        : Optional.empty();
  }

  /** The rule and the message for people; empty as in {@link #rule}. */
  public static Optional<Finding> of(Throwable failure) {
    return rule(failure).map(rule -> Finding.of(rule, FailureMessage.of(failure)));
  }
}
