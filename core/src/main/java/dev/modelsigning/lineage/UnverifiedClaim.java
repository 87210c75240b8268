package dev.modelsigning.lineage;

import dev.modelsigning.inspection.Claim;
import dev.modelsigning.inspection.KeylessClaims;
import dev.modelsigning.inspection.SignerClaims;
import dev.modelsigning.statement.Subject;
import dev.modelsigning.timestamp.ClaimedTimestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A line of a claims file, <em>without any verification</em>: anybody may have written it.
 *
 * @param file where the claims file is, for display: a path or a URI
 * @param line its line there, from 1
 * @param content what it says; empty if it cannot be read
 * @param problem why it cannot be read; empty if it can
 */
public record UnverifiedClaim(
    String file, long line, Optional<Content> content, Optional<String> problem) {

  /**
   * What a claim says.
   *
   * @param form the type of the statement
   * @param predicateType the type of the predicate
   * @param hasPredicate whether there is a predicate
   * @param subjects what it is about, the first {@link #MAX_SUBJECTS}
   * @param subjectCount the number of all subjects
   * @param signer the claimed signer
   * @param ancestors the base models and datasets that it names
   */
  public record Content(
      String form,
      String predicateType,
      boolean hasPredicate,
      List<Subject> subjects,
      int subjectCount,
      SignerClaims signer,
      List<Ancestor> ancestors) {

    /** The largest number of subjects that are kept. */
    public static final int MAX_SUBJECTS = 100;

    /** Copies the lists. */
    public Content {
      subjects = List.copyOf(subjects);
      ancestors = List.copyOf(ancestors);
    }

    /** The earliest time that the claim states; empty if it states none. */
    public Optional<Instant> time() {
      Stream<Instant> logged =
          signer.logEntries().value().orElse(List.of()).stream()
              .map(KeylessClaims.LogEntry::time)
              .flatMap(Optional::stream);
      Stream<Instant> stamped =
          signer.stamps().stream()
              .map(Claim::value)
              .flatMap(Optional::stream)
              .map(ClaimedTimestamp::time);
      return Stream.concat(logged, stamped).min(Instant::compareTo);
    }
  }
}
