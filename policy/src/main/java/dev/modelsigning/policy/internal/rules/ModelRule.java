package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.policy.problem.Place;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rule for the models that a pattern matches.
 *
 * @param number its position in the policy, from 0
 * @param place where it is
 * @param match the pattern for the name of the model
 * @param mode whether it refuses, or only warns
 * @param signatures who must have signed; empty only in a rule that only warns
 * @param maxAge the largest age of signatures that count
 * @param pin the accepted root digests, SHA-256 in lower-case hexadecimal; any if empty
 * @param algorithms the accepted algorithms
 * @param forbid what models must not have
 * @param attestations what must be attested
 */
public record ModelRule(
    int number,
    Place place,
    NamePattern match,
    Mode mode,
    Optional<SignatureRule> signatures,
    Optional<Age> maxAge,
    List<String> pin,
    AlgorithmRule algorithms,
    ForbidRule forbid,
    List<AttestationRule> attestations) {

  /** Copies the lists. */
  public ModelRule {
    pin = List.copyOf(pin);
    attestations = List.copyOf(attestations);
  }

  /** The names of the signers of whom it speaks. */
  public Set<String> signers() {
    Set<String> names = new LinkedHashSet<>();
    signatures.ifPresent(who -> names.addAll(who.of()));
    for (AttestationRule attestation : attestations) {
      names.addAll(attestation.by());
      for (Condition condition : attestation.conditions()) {
        if (condition instanceof Condition.BaseModels models) {
          names.addAll(models.signedBy());
        } else if (condition instanceof Condition.Datasets datasets) {
          names.addAll(datasets.signedBy());
        }
      }
    }
    return names;
  }

  /** What follows from a requirement that is not met. */
  public enum Mode {
    /** The model is refused. */
    ENFORCE,
    /** The model is not verified, which is only reported. */
    WARN
  }
}
