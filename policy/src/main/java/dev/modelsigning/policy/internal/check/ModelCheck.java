package dev.modelsigning.policy.internal.check;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.policy.internal.rules.AttestationRule;
import dev.modelsigning.policy.internal.rules.Condition;
import dev.modelsigning.policy.internal.rules.ModelRule;
import dev.modelsigning.policy.internal.signer.PolicySigner;
import dev.modelsigning.policy.result.CheckedClaim;
import dev.modelsigning.policy.result.CheckedSignature;
import dev.modelsigning.policy.result.Requirement;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a rule says about a model.
 *
 * @param requirements the requirements, in the order of the policy
 * @param signatures the signature files that were looked at, those that count first
 * @param claims the claims that were looked at, those that count first
 * @param moreClaims how many more claims there are that do not count
 * @param subject the model, if a signature counts
 * @param verified the proof that the model is what was signed, if a signature counts
 * @param findings findings about the model
 */
public record ModelCheck(
    List<Requirement> requirements,
    List<CheckedSignature> signatures,
    List<CheckedClaim> claims,
    long moreClaims,
    Optional<ModelSubject> subject,
    Optional<VerifiedModel> verified,
    List<Finding> findings) {

  /** Copies the lists. */
  public ModelCheck {
    requirements = List.copyOf(requirements);
    signatures = List.copyOf(signatures);
    claims = List.copyOf(claims);
    findings = List.copyOf(findings);
  }

  /**
   * Applies a rule.
   *
   * @param model the model
   * @param name its name, with which patterns are compared
   * @param rule the rule
   * @param signers the signers of the policy, by name
   * @param signatureFiles the signature files
   * @param claimsFiles the claims files
   * @param reading how the model is read
   * @param now the current time
   */
  public static ModelCheck of(
      ModelSource model,
      String name,
      ModelRule rule,
      Map<String, PolicySigner> signers,
      Collection<Path> signatureFiles,
      Collection<Path> claimsFiles,
      Reading reading,
      Instant now) {
    ModelSignatures found =
        ModelSignatures.verify(
            model, signatureFiles, signers, needed(rule), rule.forbid(), reading);
    ModelCheck best = null;
    for (List<Candidate> group : groups(found)) {
      ModelCheck check = of(name, rule, signers, claimsFiles, now, found, group);
      if (check.unmet() == 0) {
        return check;
      }
      if (best == null || check.unmet() < best.unmet()) {
        best = check;
      }
    }
    return Objects.requireNonNull(best);
  }

  /**
   * The signatures by the files that they cover, those of most files first: each group alone must
   * meet the rule. There is always one, which is empty if no signature is one of the model.
   */
  private static List<List<Candidate>> groups(ModelSignatures found) {
    Map<String, List<Candidate>> groups = new LinkedHashMap<>();
    for (Candidate one : found.candidates()) {
      groups.computeIfAbsent(one.coverage(), key -> new ArrayList<>()).add(one);
    }
    if (groups.isEmpty()) {
      return List.of(List.of());
    }
    return groups.values().stream()
        .sorted(
            Comparator.comparingInt(
                (List<Candidate> group) -> -group.get(0).model().manifest().fileCount()))
        .toList();
  }

  private long unmet() {
    return requirements.stream().filter(row -> !row.met()).count();
  }

  private static ModelCheck of(
      String name,
      ModelRule rule,
      Map<String, PolicySigner> signers,
      Collection<Path> claimsFiles,
      Instant now,
      ModelSignatures found,
      List<Candidate> group) {
    RuleCheck check = new RuleCheck(rule, found, group, now);
    check.run();
    List<Requirement> rows = new ArrayList<>(check.rows());
    List<ModelSubject> subjects =
        check.counted().stream()
            .map(one -> ModelSubject.of("", one.model().manifest()))
            .distinct()
            .toList();
    List<CheckedClaim> claims = List.of();
    long moreClaims = 0;
    if (subjects.isEmpty()) {
      rule.attestations().forEach(one -> rows.add(AttestationCheck.notChecked(one)));
    } else if (!rule.attestations().isEmpty()) {
      Claims read =
          Claims.read(claimsFiles, subjects, rule.attestations(), signers, found.unusable());
      AttestationCheck attested =
          new AttestationCheck(
              read,
              new AgeLimit(now),
              found.ancestors(),
              new SignerStatements(signers),
              found.unusable(),
              name);
      rule.attestations().forEach(one -> rows.addAll(attested.check(one)));
      claims = attested.checked();
      moreClaims = read.moreRefused();
    }
    return new ModelCheck(
        rows,
        check.checked(),
        claims,
        moreClaims,
        subjects.stream().findFirst(),
        check.counted().stream().map(Candidate::model).findFirst(),
        check.counted().stream()
            .flatMap(one -> one.model().findings().stream())
            .distinct()
            .toList());
  }

  /** The names of all signers of whom a rule speaks. */
  private static Set<String> needed(ModelRule rule) {
    Set<String> names = new LinkedHashSet<>();
    rule.signatures().ifPresent(who -> names.addAll(who.of()));
    for (AttestationRule one : rule.attestations()) {
      names.addAll(one.by());
      for (Condition condition : one.conditions()) {
        if (condition instanceof Condition.BaseModels models) {
          names.addAll(models.signedBy());
        } else if (condition instanceof Condition.Datasets datasets) {
          names.addAll(datasets.signedBy());
        }
      }
    }
    return names;
  }
}
