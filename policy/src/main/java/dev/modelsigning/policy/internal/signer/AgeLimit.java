package dev.modelsigning.policy.internal.signer;

import dev.modelsigning.finding.Rules;
import dev.modelsigning.policy.internal.rules.Age;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerifiedPayload;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Compares proved times with a largest age. The earliest proved time counts. A time stamp proves
 * that a signature existed then, and not that it is no older: for keys and certificates that is as
 * far as it goes, as whoever has an old signature can have it stamped anew (docs/policy.md).
 */
public final class AgeLimit {

  /** By how much clocks may differ. */
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final Instant now;

  /**
   * Creates a limit.
   *
   * @param now the current time
   */
  public AgeLimit(Instant now) {
    this.now = now;
  }

  /** What is wrong with the age of a signature; empty if it is young enough. */
  public Optional<String> problem(VerifiedPayload signature, Age most) {
    Optional<Instant> earliest =
        signature.times().stream()
            .filter(VerificationTime::isAttested)
            // It was added later, and says nothing about when it was signed.
            .filter(time -> time.source() != VerificationTime.Source.LATER_TIMESTAMP)
            .map(VerificationTime::instant)
            .min(Instant::compareTo);
    if (earliest.isEmpty()) {
      return Optional.of(
          "nothing proves when it was signed, such as a time stamp or a log entry"
              + signature.findings().stream()
                  .filter(one -> one.rule().equals(Rules.TIMESTAMP_NOT_COUNTED))
                  .map(one -> "; " + one.message())
                  .findFirst()
                  .orElse(""));
    }
    return problem("signed", earliest.get(), most);
  }

  /** What is wrong with a time; empty if it is neither too old nor in the future. */
  public Optional<String> problem(String what, Instant time, Age most) {
    if (time.isAfter(now.plus(TOLERANCE))) {
      return Optional.of(what + " at " + time + ", which is in the future");
    }
    Duration age = Duration.between(time, now);
    return age.compareTo(most.duration()) <= 0
        ? Optional.empty()
        : Optional.of(what + " at " + time + ", more than " + most.text() + " ago");
  }
}
