package dev.modelsigning.attestation;

import dev.modelsigning.finding.Finding;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The claims in the given files about one model, of one predicate type.
 *
 * @param predicateType the type that was asked for
 * @param subject the model
 * @param attestations those that count, in the order of the files
 * @param refused those that do not count, in the order of the files; at most {@link #MAX_REFUSED}.
 *     Claims about other models are left out of it before others are
 * @param moreRefused how many more of these there are
 * @param otherModels how many of all that do not count are about other models: genuine claims by
 *     the same signer, as a file has them that models share
 * @param otherTypes how many genuine claims by the same signer about this model are of other types
 * @param foundTypes these types, each once, at most {@link #MAX_TYPES}
 */
public record AttestationOutcome(
    String predicateType,
    ModelSubject subject,
    List<Attestation> attestations,
    List<RefusedClaim> refused,
    long moreRefused,
    long otherModels,
    long otherTypes,
    List<String> foundTypes) {

  /** The largest number of refused claims that are kept. */
  public static final int MAX_REFUSED = 1_000;

  /** The largest number of other types that are kept. */
  public static final int MAX_TYPES = 10;

  /** Copies the lists. */
  public AttestationOutcome {
    attestations = List.copyOf(attestations);
    refused = List.copyOf(refused);
    foundTypes = List.copyOf(foundTypes);
  }

  /** How many claims do not count. */
  long allRefused() {
    return refused.size() + moreRefused;
  }

  /** The same with the messages about refused claims rewritten. */
  AttestationOutcome withMessages(UnaryOperator<String> rewriting) {
    return new AttestationOutcome(
        predicateType,
        subject,
        attestations,
        refused.stream()
            .map(claim ->
                new RefusedClaim(claim.file(), claim.line(), rewritten(claim.why(), rewriting)))
            .toList(),
        moreRefused,
        otherModels,
        otherTypes,
        foundTypes);
  }

  static Finding rewritten(Finding finding, UnaryOperator<String> rewriting) {
    return new Finding(
        finding.rule(),
        finding.severity(),
        rewriting.apply(finding.message()),
        finding.file(),
        finding.values());
  }
}
