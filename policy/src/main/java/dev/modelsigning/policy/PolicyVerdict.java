package dev.modelsigning.policy;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a policy decided about a model, as data.
 *
 * @param model where the model is, for display
 * @param name the name that was compared with the patterns; empty if it has none
 * @param policy the policy
 * @param rule the rule that applies; empty if none does
 * @param requirements the requirements of the rule, and whether each is met
 * @param signatures the signature files that were looked at, those that count first
 * @param claims the claims that were looked at, those that count first
 * @param moreClaims how many more claims there are that do not count
 * @param subject the model as the subject of attestations, if a signature of it counts
 * @param proof the proof that the model is what was signed, if a signature counts. It says nothing
 *     of the policy: programs that use a model must call {@link Policy#verify}
 * @param reason why the model is not verified; empty if it is
 * @param findings other findings
 */
public record PolicyVerdict(
    String model,
    Optional<String> name,
    PolicyIdentity policy,
    Optional<AppliedRule> rule,
    List<Requirement> requirements,
    List<CheckedSignature> signatures,
    List<CheckedClaim> claims,
    long moreClaims,
    Optional<ModelSubject> subject,
    Optional<VerifiedModel> proof,
    Optional<Finding> reason,
    List<Finding> findings) {

  /**
   * The rule that applies.
   *
   * @param number its position in the policy, from 0
   * @param line its line
   * @param match its pattern
   * @param enforced whether it refuses; otherwise it only warns
   */
  public record AppliedRule(int number, int line, String match, boolean enforced) {}

  /** Copies the lists. */
  public PolicyVerdict {
    requirements = List.copyOf(requirements);
    signatures = List.copyOf(signatures);
    claims = List.copyOf(claims);
    findings = List.copyOf(findings);
  }

  /** Whether all requirements are met, by a rule that enforces them. */
  public boolean isVerified() {
    return reason.isEmpty() && isEnforced() && proof.isPresent();
  }

  /** Whether the model must not be used: false also for one that a rule only warns of. */
  public boolean isRefused() {
    return !isVerified() && (rule.isEmpty() || isEnforced() || reason.isPresent());
  }

  private boolean isEnforced() {
    return rule.map(AppliedRule::enforced).orElse(false);
  }

  /** The requirements that are not met. */
  public List<Requirement> unmet() {
    return requirements.stream().filter(row -> !row.met()).toList();
  }

  /** The names of the signers whose signatures count for the requirement of signatures. */
  public List<String> signers() {
    return requirements.stream()
        .filter(row -> row.code().equals("signatures"))
        .flatMap(row -> row.by().stream())
        .toList();
  }

  /**
   * The entries of the model that the signatures that count do not cover, and why that is no
   * failure; empty if none counts.
   */
  public List<UncoveredEntry> uncovered() {
    return proof.map(VerifiedModel::uncovered).orElse(List.of());
  }

  /** The reason first, if there is one, then the other findings. */
  public List<Finding> allFindings() {
    List<Finding> all = new ArrayList<>(reason.stream().toList());
    all.addAll(findings);
    return all;
  }
}
