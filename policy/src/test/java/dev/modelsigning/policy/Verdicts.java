package dev.modelsigning.policy;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.policy.PolicyVerdict.AppliedRule;
import dev.modelsigning.policy.internal.check.ModelCheck;
import dev.modelsigning.policy.internal.check.UnsignedModel;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes verdicts for tests of reports; none of them has a proof. */
public final class Verdicts {

  private Verdicts() {}

  /** A verdict about {@code fraud/v3}. */
  public static PolicyVerdict of(
      String model,
      PolicyIdentity policy,
      AppliedRule rule,
      List<Requirement> rows,
      List<CheckedSignature> signatures,
      List<CheckedClaim> claims,
      long moreClaims,
      Optional<Finding> reason,
      List<Finding> findings) {
    Path path = Path.of("fraud/v3");
    ModelCheck check =
        new ModelCheck(
            rows,
            signatures,
            claims,
            moreClaims,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            new UnsignedModel(DirectorySource.of(path), Reading.withDefaults(), Set.of()));
    return PolicyVerdict.of(
        model, Optional.of("fraud/v3"), policy, rule, rows, check, reason, findings);
  }
}
