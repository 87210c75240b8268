package dev.modelsigning.attestation;

import java.util.List;

/**
 * The claims in the given files about one model, of one predicate type.
 *
 * @param predicateType the type that was asked for
 * @param subject the model
 * @param attestations those that count, in the order of the files
 * @param refused those that do not count, in the order of the files; at most {@link #MAX_REFUSED}
 * @param moreRefused how many more of these there are
 * @param otherTypes how many genuine claims by the same signer about this model are of other types
 */
public record AttestationOutcome(
    String predicateType,
    ModelSubject subject,
    List<Attestation> attestations,
    List<RefusedClaim> refused,
    long moreRefused,
    long otherTypes) {

  /** The largest number of refused claims that are kept. */
  public static final int MAX_REFUSED = 1_000;

  /** Copies the lists. */
  public AttestationOutcome {
    attestations = List.copyOf(attestations);
    refused = List.copyOf(refused);
  }
}
